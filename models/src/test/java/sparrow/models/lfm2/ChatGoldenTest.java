package sparrow.models.lfm2;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.engine.head.Input;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.formats.weights.Safetensors;
import sparrow.models.GoldenRows;
import sparrow.models.family.PromptTokens;
import sparrow.models.family.SpeechInput.Embeddings.Piece;
import sparrow.models.family.SpeechInput.Embeddings.Text;
import sparrow.models.frame.FrameUnits;
import sparrow.models.frame.GoldenUnits;

/** Tokenizer, prompts and the order of units against the golden data. */
class ChatGoldenTest {
    /** Of vectors that were heard from a recording, whose resampling differs. */
    private static final float HEARD = 5e-5f;

    static List<String> sets() {
        return LfmGolden.names();
    }

    @ParameterizedTest
    @MethodSource("sets")
    void tokenizerIsTheOfficialOne(String set) {
        LfmGolden golden = LfmGolden.of(set);
        JsonNode cases = golden.json("tokenizer");

        for (JsonNode text : cases.path("encode")) {
            int[] ids = golden.tokenizer.encode(text.path("text").textValue());
            assertThat(ids).as(text.path("text").textValue()).containsExactly(GoldenUnits.ints(text.path("ids")));
            assertThat(golden.tokenizer.decode(ids))
                    .isEqualTo(text.path("decoded").textValue());
        }
        for (JsonNode some : cases.path("decode")) {
            assertThat(golden.tokenizer.decode(GoldenUnits.ints(some.path("ids"))))
                    .isEqualTo(some.path("text").textValue());
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void promptsAreTheOfficialOnes(String set) {
        LfmGolden golden = LfmGolden.of(set);
        for (Map.Entry<String, JsonNode> entry : golden.json("prompts").properties()) {
            JsonNode expected = entry.getValue();
            PromptTokens prompt = golden.prompt(expected.path("actions"));

            assertThat(modalities(golden, prompt, expected.path("actions")))
                    .as(entry.getKey())
                    .containsExactly(GoldenUnits.ints(expected.path("modality")));
            List<Integer> text = new ArrayList<>();
            for (int at = 0; at < prompt.ids().length; at++) {
                if (embedded(golden, prompt, at).isEmpty()) text.add(prompt.ids()[at]);
            }
            assertThat(text)
                    .as(entry.getKey())
                    .isEqualTo(GoldenUnits.stream(expected.path("text"))
                            .map(JsonNode::intValue)
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void inputsOfPromptsAreTheOfficialOnes(String set) {
        LfmGolden golden = LfmGolden.of(set);
        try (Safetensors expected = golden.tensors("lm")) {
            assertInputs(golden, "spoken", expected.tensor("embeds").toFloats());
            assertInputs(
                    golden, "second_turn", expected.tensor("second_turn.embeds").toFloats());
        }
    }

    private static void assertInputs(LfmGolden golden, String name, float[] expected) {
        PromptTokens prompt = golden.prompt(golden.json("prompts").path(name).path("actions"));
        GoldenRows.assertClose(name, GoldenRows.concatenated(golden.inputs(prompt)), expected, HEARD);
    }

    @ParameterizedTest
    @MethodSource("sets")
    void promptsOfAConversationAreThoseOfItsActions(String set) {
        LfmGolden golden = LfmGolden.of(set);
        Lfm2Prompts prompts = golden.prompts();
        float[] heard = golden.heard("a_speech16k.wav");

        PromptTokens first = prompts.conversation().spoken().first(List.of(heard), Optional.empty());
        PromptTokens later = prompts.conversation().spoken().later(List.of(heard));

        PromptTokens expected =
                golden.prompt(golden.json("prompts").path("spoken").path("actions"));
        assertThat(first.ids()).containsExactly(expected.ids());
        assertThat(golden.tokenizer.decode(later.ids()))
                .isEqualTo("<|im_end|>\n<|im_start|>user\n"
                        + "<|pad|>"
                                .repeat(heard.length
                                        / golden.transformer.config().width())
                        + "<|im_end|>\n<|im_start|>assistant\n");
    }

    @ParameterizedTest
    @MethodSource("sets")
    void textBesideARecordingStandsAsInTheOfficialChat(String set) {
        LfmGolden golden = LfmGolden.of(set);
        PromptTokens official =
                golden.prompt(golden.json("prompts").path("text_and_audio").path("actions"));

        PromptTokens turn = golden.prompts()
                .conversation()
                .mixed()
                .later(List.of(
                        new Text("What is this? "), new Piece(golden.heard("b_second24k.wav")), new Text(" Tell me.")));

        // After the beginning of the conversation, and after the end of the turn before.
        assertThat(Arrays.copyOfRange(official.ids(), 1, official.ids().length))
                .isEqualTo(Arrays.copyOfRange(turn.ids(), 2, turn.ids().length));
        assertThat(turn.embeddings())
                .singleElement()
                .satisfies(heard -> assertThat(heard.at())
                        .isEqualTo(official.embeddings().getFirst().at() + 1));
    }

    @ParameterizedTest
    @MethodSource("sets")
    void textAndFramesFollowEachOtherAsInTheOfficialLoops(String set) {
        LfmGolden golden = LfmGolden.of(set);
        for (JsonNode script : golden.json("scripted")) {
            boolean sequential = script.path("kind").textValue().equals("sequential");
            FrameUnits units = golden.in(sequential ? Lfm2Pattern.Order.SEQUENTIAL : Lfm2Pattern.Order.INTERLEAVED);
            List<Unit> texts = GoldenUnits.events(script.path("text_samples"));
            List<Unit> frames = GoldenUnits.events(script.path("frame_samples"));
            StringBuilder sampled = new StringBuilder();
            List<Unit> events = new ArrayList<>();
            InterleaveTracker place = units.newTracker(0);
            int text = 0;
            int frame = 0;
            for (int step = 0; step < script.path("max_new_tokens").intValue(); step++) {
                Unit unit = place.modality() == Modality.TEXT ? texts.get(text++) : whole(frames.get(frame++));
                sampled.append(place.modality() == Modality.TEXT ? 't' : 'a');
                boolean end = units.isEnd(unit);
                if (!end || sequential) events.add(unit);
                if (end) break;
                place = place.accept(unit);
            }

            String name = script.path("name").textValue();
            assertThat(sampled).as(name).hasToString(script.path("sampled").textValue());
            assertThat(events).as(name).isEqualTo(GoldenUnits.events(script.path("events")));
        }
    }

    /** A frame that ends speech has the end code everywhere. */
    private static Unit whole(Unit unit) {
        return FrameTracker.endsSpeech(unit)
                ? StepwiseChoice.end(((Unit.Frame) unit).codes().size())
                : unit;
    }

    /** 1 for text, 2 for a heard vector, 3 for a frame of an earlier reply. */
    private static int[] modalities(LfmGolden golden, PromptTokens prompt, JsonNode actions) {
        List<List<Float>> frames = GoldenUnits.stream(actions)
                .filter(action -> action.get(0).textValue().equals("reply"))
                .flatMap(action -> GoldenUnits.events(action.get(1)).stream())
                .map(golden.units::input)
                .filter(Input.Vector.class::isInstance)
                .map(input -> floats(((Input.Vector) input).values()))
                .toList();
        List<float[]> inputs = golden.inputs(prompt);
        int[] modalities = new int[inputs.size()];
        for (int at = 0; at < modalities.length; at++) {
            boolean frame = frames.contains(floats(inputs.get(at)));
            modalities[at] = embedded(golden, prompt, at).isEmpty() ? 1 : frame ? 3 : 2;
        }
        return modalities;
    }

    private static List<Float> floats(float[] values) {
        List<Float> all = new ArrayList<>();
        for (float value : values) all.add(value);
        return all;
    }

    private static Optional<PromptEmbeddings> embedded(LfmGolden golden, PromptTokens prompt, int at) {
        int width = golden.transformer.config().width();
        return prompt.embeddings().stream()
                .filter(some -> some.at() <= at && at < some.at() + some.values().length / width)
                .findFirst();
    }
}
