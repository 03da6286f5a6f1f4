package sparrow.models.stepaudio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.reply.Step;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.text.TextStream;
import sparrow.formats.weights.Safetensors;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TestedDevice;
import sparrow.models.TurnPosition;
import sparrow.models.family.PromptTokens;
import sparrow.models.family.PromptWriter;
import sparrow.models.family.SpeechInput;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** The random golden checkpoint from sound to tokens, as the official class runs it. */
@Tag("stack")
class StepAudio2GoldenTest {
    private static final ComputePool POOL = new ComputePool(1);

    private static SpokenModel model;

    @BeforeAll
    static void open() throws IOException {
        model = SpokenModels.open(StepGolden.CHECKPOINT, TestedDevice.OPTIONS, Kernels.create(POOL));
    }

    @AfterAll
    static void close() {
        model.close();
        POOL.close();
    }

    @Test
    void idsAreThoseOfTheVocabulary() {
        TokenSpace tokens = model.languageModel().tokens();

        assertThat(tokens.textTokens()).isEqualTo(601);
        assertThat(tokens.speechOffset()).isEqualTo(609);
        assertThat(tokens.codes()).isEqualTo(81);
        assertThat(tokens.speechTokens()).isEqualTo(96);
        assertThat(tokens.usable()).isEqualTo(705);
        assertThat(tokens.endTokens()).containsExactlyInAnyOrder(556, 558, 578);
    }

    @Test
    void soundTakesThePlaceOfThePatchEmbeddings() {
        try (Safetensors golden = StepGolden.tensors("lm_forward")) {
            int[] ids = golden.tensor("input_ids").toInts();
            float[] expected = golden.tensor("embeds").toFloats();
            Transformer transformer = model.languageModel().transformer();
            float[] embedded = new float[ids.length * StepGolden.WIDTH];
            for (int p = 0; p < ids.length; p++) {
                System.arraycopy(transformer.embed(ids[p]), 0, embedded, p * StepGolden.WIDTH, StepGolden.WIDTH);
            }
            int start = Arrays.stream(ids).boxed().toList().indexOf(601);
            float[] heard = rows(StepGolden.wav("wav/speech16k.wav")).getFirst();
            System.arraycopy(heard, 0, embedded, (start + 1) * StepGolden.WIDTH, heard.length);

            // Absolute, as the golden data suggest for the adaptor's output; values reach 2.9.
            assertThat(embedded).containsExactly(expected, within(2e-5f));
        }
    }

    @ParameterizedTest
    @CsvSource({"greedy, 1", "greedy_rep1.05, 1.05", "greedy_rep1.3, 1.3"})
    void greedyContinuationIsTheOfficialOne(String name, double penalty) {
        JsonNode golden = StepGolden.json("greedy");
        int[] prompt = StepGolden.ints(golden.path("prompt_ids"));
        int start = Arrays.stream(prompt).boxed().toList().indexOf(601);
        List<PromptEmbeddings> rows = List.of(new PromptEmbeddings(
                start + 1, rows(StepGolden.wav("wav/speech16k.wav")).getFirst()));

        assertThat(reply(prompt, rows, penalty, 60))
                .isEqualTo(StepGolden.ints(golden.path(name).path("new_tokens")));
    }

    static Stream<JsonNode> conversations() {
        return StepGolden.stream(StepGolden.json("end_to_end_tokens").path("cases"));
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void messagesToTokensTextAndCodesIsTheOfficialRun(JsonNode golden) {
        PromptTokens prompt = StepGolden.prompt(golden.path("messages"), StepAudio2GoldenTest::rows);

        int[] reply = reply(prompt.ids(), prompt.embeddings(), 1.3, 40);

        // The official code drops the last id, whatever it is.
        int[] kept = Arrays.copyOf(reply, reply.length - 1);
        TokenSpace tokens = model.languageModel().tokens();
        assertThat(kept).isEqualTo(StepGolden.ints(golden.path("output_token_ids")));
        assertThat(text(kept)).isEqualTo(golden.path("output_text").textValue());
        assertThat(tokens.codes(kept)).isEqualTo(StepGolden.ints(golden.path("audio_for_vocoder")));
    }

    /** As a conversation writes it, token by token. */
    private static String text(int[] reply) {
        TextStream stream = model.textStream();
        StringBuilder text = new StringBuilder();
        // An end of turn in the middle, which the official text shows, would have ended the reply.
        for (int id : reply) if (id < model.languageModel().tokens().textTokens()) text.append(stream.accept(id));
        return text.append(stream.finish()).toString();
    }

    @Test
    void aQuestionIsTheOfficialPrompt() {
        JsonNode golden = StepGolden.json("end_to_end_tokens").path("cases").path(0);

        Prompt prompt = model.prompt(new Question.Typed("Hello, world!"), TurnPosition.FIRST);

        assertThat(prompt.tokens())
                .isEqualTo(StepGolden.prompt(golden.path("messages"), StepGolden::zeros)
                        .ids());
        assertThat(prompt.tokens()[prompt.shared() - 1]).isEqualTo(578);
    }

    private static List<float[]> rows(Waveform waveform) {
        return ((SpeechInput.Embeddings) model.speechInput()).encode(waveform);
    }

    /** Greedy, without end tokens or padding: the golden continuations know neither. */
    private static int[] reply(int[] prompt, List<PromptEmbeddings> rows, double penalty, int newTokens) {
        LanguageModel own = model.languageModel();
        TokenSpace all = new TokenSpace(own.tokens().textTokens(), own.tokens().speech(), 768, Set.of());
        LanguageModel unbounded = new LanguageModel(own.transformer(), own.heads(), all, own.interleave());
        Decoder decoder = new Decoder(
                unbounded,
                new GenerationConfig(ExitPlan.NONE, new Sampling(0, 0, 1, penalty, 0), Limits.newTokens(newTokens)));
        Request request = Request.of(new Sequence(unbounded), prompt, rows, 0).withListener(step -> {});
        return decoder.reply(request).steps().stream().mapToInt(Step::token).toArray();
    }

    @Test
    void aLaterTurnContinuesTheOfficialHistory() {
        float[] heard = rows(StepGolden.wav("wav/stereo24k.wav")).getFirst();
        int[] said = {5, 612, 616, 610, 611, 607};
        Prompt first = model.prompt(new Question.Spoken(StepGolden.wav("wav/stereo24k.wav")), TurnPosition.FIRST);
        Prompt second = model.prompt(new Question.Typed("Now a poem."), TurnPosition.LATER);

        // An earlier spoken answer goes back as its start of speech and the generated ids without the last.
        StepAudioPrompts prompts = StepGolden.PROMPTS;
        StepAudioTokens tokens = prompts.tokens();
        PromptWriter writer = new PromptWriter(StepGolden.TOKENIZER);
        prompts.turn(writer, "system", "You are a helpful assistant.");
        prompts.end(prompts.sound(prompts.turn(writer, "human"), heard));
        prompts.end(prompts.turn(writer, "assistant").ids(tokens.speechStart()).ids(said));
        prompts.turn(writer, "human", "Now a poem.");
        prompts.turn(writer, "assistant").ids(tokens.speechStart());
        PromptTokens official = writer.finish(0);
        int[] history = Stream.of(first.tokens(), said, second.tokens())
                .flatMapToInt(Arrays::stream)
                .toArray();
        assertThat(history).isEqualTo(official.ids());
        assertThat(first.embeddings().getFirst().at())
                .isEqualTo(official.embeddings().getFirst().at());
        assertThat(first.embeddings().getFirst().values()).isEqualTo(heard);
        assertThat(second.embeddings()).isEmpty();
    }
}
