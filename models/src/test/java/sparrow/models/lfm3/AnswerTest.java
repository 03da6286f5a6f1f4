package sparrow.models.lfm3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.StopReason;
import sparrow.formats.weights.Safetensors;
import sparrow.models.OpenOptions;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TurnPosition;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatPrompt;
import sparrow.models.family.Tool;
import sparrow.models.family.ToolCall;
import sparrow.models.family.ToolCallReader;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.vocode.Noise;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.DType;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** A question in, an answer out, with the tiny checkpoints of the golden data. */
class AnswerTest {
    private static final List<String> SETS = Lfm3Golden.SETS;

    @TempDir
    private Path folder;

    private static SpokenModel open(Path folder) throws IOException {
        return SpokenModels.open(
                folder, new OpenOptions(Optional.empty(), Optional.empty()), Kernels.create(new ComputePool(1)));
    }

    private static Question recording() throws IOException {
        return new Question.Spoken(WavFile.read(Lfm3Golden.FOLDER.resolve("wav/speech.wav")));
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void anAnswerHasTheSoundOfItsFramesAndTheNextOneFollowsIt(String set) throws IOException {
        try (SpokenModel model = open(Lfm3Golden.FOLDER.resolve(set))) {
            Conversation conversation =
                    new Conversation(model, ExitPlan.NONE, model.defaultSampling(), Limits.newTokens(60));

            Answer first = conversation.ask(recording(), ReplyListener.NONE);
            Answer second = conversation.ask(new Question.Typed("And then?"), ReplyListener.NONE);

            for (Answer answer : List.of(first, second)) {
                long heard = answer.reply().units().stream()
                        .filter(unit -> model.languageModel().units().codes(unit).length > 0)
                        .count();
                assertThat(answer.speech().samples()).hasSize(1920 * (int) heard);
            }
            assertThat(first.speech().samples()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @FieldSource("SETS")
    void speechAfterAnEndFrameStartsAnew(String set) throws IOException {
        try (SpokenModel model = open(Lfm3Golden.FOLDER.resolve(set));
                Safetensors golden = Lfm3Golden.of(set).tensors("codec")) {
            UnitFormat units = model.languageModel().units();
            List<Integer> codes =
                    Arrays.stream(golden.tensor("frames").toInts()).boxed().toList();
            List<Unit> frames = new ArrayList<>();
            for (int at = 0; at < 5 * units.codebooks(); at += units.codebooks()) {
                frames.add(new Unit.Frame(codes.subList(at, at + units.codebooks())));
            }
            frames.add(
                    3,
                    new Unit.Frame(Collections.nCopies(
                            units.codebooks(), model.synthesizer().vocabulary())));
            Conversation conversation =
                    new Conversation(model, ExitPlan.NONE, model.defaultSampling(), Limits.newTokens(6));

            Answer answer = conversation.ask(new Question.Typed("hello"), frames, ReplyListener.NONE);

            int[] all = units.synthesized(frames);
            assertThat(all).hasSize(6 * units.codebooks());
            assertThat(answer.speech().samples())
                    .hasSize(5 * 1920)
                    .containsExactly(model.synthesizer().synthesize(all, Noise.seeded(0)));
        }
    }

    /** The recorded run has no system turn, so only its end is compared: the end of speech ends the reply. */
    @ParameterizedTest
    @FieldSource("SETS")
    void readingAloudEndsWithItsSpeech(String set) throws IOException {
        try (SpokenModel model = open(Lfm3Golden.FOLDER.resolve(set))) {
            assertThat(model.readingVoices()).containsExactly("female", "male");
            SpokenModel reader = model.reader("male");
            Conversation conversation =
                    new Conversation(reader, ExitPlan.NONE, reader.defaultSampling(), Limits.newTokens(200));

            Answer answer = conversation.ask(new Question.Typed("hello"), ReplyListener.NONE);

            assertThat(answer.reply().units()).allMatch(Unit.Frame.class::isInstance);
            if (answer.reply().stop() == StopReason.END_TOKEN) {
                assertThat(model.languageModel()
                                .units()
                                .codes(answer.reply().units().getLast()))
                        .isEmpty();
            }
            assertThat(model.transcriber().defaultSampling()).isEqualTo(Sampling.GREEDY);
        }
    }

    @Test
    void samplingIsThatOfTheFile() throws IOException {
        try (SpokenModel model = open(Lfm3Golden.FOLDER.resolve("b"))) {
            assertThat(model.defaultSampling().greedy()).isTrue();
            assertThat(model.defaultSampling().codes()).isEqualTo(new Sampling.Codes(0.8f, 12, 1.3f, 3));
        }
    }

    /** While a question is spoken, its prompt grows and never changes. */
    @Test
    void earlyPromptsBeginThePromptOfTheWholeQuestion() throws IOException {
        float[] once = WavFile.read(Lfm3Golden.FOLDER.resolve("wav/speech.wav")).samples();
        float[] samples = Arrays.copyOf(once, 2 * once.length);
        System.arraycopy(once, 0, samples, once.length, once.length);
        try (SpokenModel model = open(Lfm3Golden.FOLDER.resolve("a"))) {
            ChatPrompt whole = ChatPrompt.of(model, ChatHistory.of(new Question.Spoken(new Waveform(samples, 16_000))));
            int held = 0;
            for (int end = 8_000; end < samples.length; end += 8_000) {
                Optional<Question> begun = model.encodeStablePrefix(new Waveform(Arrays.copyOf(samples, end), 16_000));
                if (begun.isEmpty()) continue;

                ChatPrompt early = ChatPrompt.stablePrefix(model, ChatHistory.of(begun.get()))
                        .orElseThrow();

                int length = early.ids().length;
                assertThat(early.ids()).isEqualTo(Arrays.copyOf(whole.ids(), length));
                float[] vectors = early.embeddings().getFirst().values();
                assertThat(vectors)
                        .isEqualTo(Arrays.copyOf(whole.embeddings().getFirst().values(), vectors.length));
                assertThat(length).isGreaterThanOrEqualTo(held);
                held = length;
            }
            PromptEmbeddings heard = whole.embeddings().getFirst();
            assertThat(held).isGreaterThan(heard.at() + 20);
        }
    }

    @Test
    void aPlantedCallGoesThrough() throws IOException {
        Lfm3Golden golden = Lfm3Golden.of("b");
        new GgufCopy(golden.text)
                .tokens(Map.of("<|fim_pre|>", "<tool_call>", "<|fim_suf|>", "</tool_call>"))
                .write(folder.resolve("text.gguf"), DType.BF16);
        new GgufCopy(golden.sound).write(folder.resolve("mmproj.gguf"), DType.BF16);
        Tool weather = new Tool("get_weather", Optional.of("The weather"), Optional.of("{\"type\": \"object\"}"));
        try (SpokenModel model = open(folder)) {
            assertThat(model.callsTools()).isTrue();
            ToolCall call = new ToolCall("get_weather", "{\"city\":\"Berlin\",\"days\":2,\"exact\":true}");

            List<ToolCall> found = new ArrayList<>();
            ToolCallReader reader = model.toolCalls(List.of(weather));
            for (Unit unit : model.callUnits(List.of(call, call))) {
                reader.accept(((Unit.Token) unit).id()).ifPresent(found::add);
            }

            assertThat(found).containsExactly(call, call);
            Prompt first =
                    model.prompt(new Question.Typed("hello"), TurnPosition.FIRST, Optional.empty(), List.of(weather));
            assertThat(golden.tokenizer.decode(first.tokens()))
                    .contains("List of tools: [{\"name\":\"get_weather\",\"description\":\"The weather\"")
                    .endsWith("<|im_start|>assistant\n");
            Prompt outputs = model.prompt(new Question.ToolOutputs(List.of("sunny", "rain")), TurnPosition.LATER);
            assertThat(golden.tokenizer.decode(outputs.tokens()))
                    .isEqualTo("<|im_end|>\n<|im_start|>tool\nsunny<|im_end|>\n<|im_start|>tool\nrain<|im_end|>\n"
                            + "<|im_start|>assistant\n");
        }
    }

    @Test
    void callsAreReadAsOllamaReadsThem() {
        Lfm3Tools tools = new Lfm3Tools(Lfm3Golden.of("a").tokenizer, 1, 2, null);

        assertThat(tools.parse("\n<function=f>\n<parameter=a>\n1 2\n</parameter>\n<parameter=b>3</parameter>\n"
                        + "</function>\n"))
                .isEqualTo(new ToolCall("f", "{\"a\":\"1 2\",\"b\":3}"));
        assertThat(tools.parse("<function=f></function>")).isEqualTo(new ToolCall("f", "{}"));
        for (String bad : List.of("", "f", "<function=>", "<function=f>x", "<function=f><parameter=a>1")) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> tools.parse(bad))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
