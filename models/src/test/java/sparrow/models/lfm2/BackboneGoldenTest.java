package sparrow.models.lfm2;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.models.GoldenRows.byHead;
import static sparrow.models.GoldenRows.concatenated;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.decode.Sequence;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.head.Input;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.SelfAttention;
import sparrow.engine.transformer.ShortConvolution;
import sparrow.formats.weights.Safetensors;
import sparrow.models.GoldenRows;
import sparrow.models.frame.GoldenUnits;

/** The random backbones of the golden data against what the official modules computed from them. */
class BackboneGoldenTest {
    private static final float LAYERS = 3e-4f;
    private static final float HIDDEN = 1e-4f;
    private static final float LOGITS = 2e-4f;
    private static final float STATE = 2e-4f;

    static List<String> sets() {
        return LfmGolden.names();
    }

    @ParameterizedTest
    @MethodSource("sets")
    void everyLayerOfThePromptIsTheOfficialOne(String set) {
        LfmGolden golden = LfmGolden.of(set);
        try (Safetensors expected = golden.tensors("lm")) {
            Sequence sequence = sequence(golden, inputs(golden, expected, "embeds"));
            List<HiddenState> states =
                    sequence.pendingBelow(1).stream().map(Position::state).toList();
            for (int layer = 1; layer <= golden.layers(); layer++) {
                golden.transformer.forward(sequence.pendingBelow(layer), layer);

                assertClose(expected, "layer" + (layer - 1), read(states), LAYERS);
            }

            assertKept(golden, expected, "", sequence);
            assertClose(expected, "final_norm", hidden(golden, states), HIDDEN);
            List<Logits> logits = ExitHeads.none(golden.transformer)
                    .at(golden.layers())
                    .logits(golden.transformer.newHeadKernel(), states);
            assertClose(
                    expected,
                    "text_logits",
                    concatenated(logits.stream().map(Logits::values).toList()),
                    LOGITS);
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void positionByPositionItIsTheOfficialStepByStep(String set) {
        LfmGolden golden = LfmGolden.of(set);
        try (Safetensors expected = golden.tensors("lm_decode")) {
            JsonNode chat = golden.json("generate").path("interleaved").path("chat");
            List<float[]> before = golden.inputs(golden.prompt(chat.path("actions")));
            Sequence sequence = sequence(golden, before.subList(0, before.size() - 1));
            sequence.runPending();
            List<List<float[]>> states = new ArrayList<>();
            for (int layer = 0; layer < golden.layers(); layer++) states.add(new ArrayList<>());
            for (float[] input : inputs(golden, expected, "interleaved.inputs")) {
                sequence.append(new Input.Vector(0, input, 0));
                for (int layer = 1; layer <= golden.layers(); layer++) {
                    golden.transformer.forward(sequence.pendingBelow(layer), layer);
                    states.get(layer - 1).add(sequence.newest().read());
                }
            }

            for (int layer = 0; layer < golden.layers(); layer++) {
                assertClose(expected, "interleaved.layer" + layer, concatenated(states.get(layer)), LAYERS);
            }
            List<HiddenState> last =
                    states.getLast().stream().map(golden.transformer::state).toList();
            assertClose(expected, "interleaved.hidden", hidden(golden, last), HIDDEN);
            assertKept(golden, expected, "interleaved.", sequence);
        }
    }

    /** Keys, values and the inputs of convolutions, as far as the file has them. */
    private static void assertKept(LfmGolden golden, Safetensors expected, String prefix, Sequence sequence) {
        KvCache cache = sequence.cache();
        for (int layer = 1; layer <= golden.layers(); layer++) {
            int l = layer;
            switch (golden.transformer.layers().get(layer - 1).mixer()) {
                case SelfAttention _ -> {
                    if (!expected.has(prefix + "k" + (layer - 1))) continue;
                    int length = sequence.length();
                    float[] keys = byHead(golden.transformer.config(), p -> cache.key(l, p), length);
                    float[] values = byHead(golden.transformer.config(), p -> cache.value(l, p), length);
                    assertClose(expected, prefix + "k" + (layer - 1), keys, STATE);
                    assertClose(expected, prefix + "v" + (layer - 1), values, STATE);
                }
                case ShortConvolution convolution ->
                    assertClose(
                            expected,
                            prefix + "conv_state" + (layer - 1),
                            state(cache, layer, sequence.length(), convolution.taps().length),
                            STATE);
            }
        }
    }

    /** The last inputs of a convolution, [width, K]. */
    private static float[] state(KvCache cache, int layer, int length, int taps) {
        int width = cache.value(layer, 0).length;
        float[] state = new float[width * taps];
        for (int tap = 0; tap < taps; tap++) {
            float[] input = cache.value(layer, length - taps + tap);
            for (int c = 0; c < width; c++) state[c * taps + tap] = input[c];
        }
        return state;
    }

    private static List<float[]> inputs(LfmGolden golden, Safetensors file, String name) {
        return GoldenUnits.rows(
                file.tensor(name).toFloats(), golden.transformer.config().width());
    }

    private static Sequence sequence(LfmGolden golden, List<float[]> inputs) {
        Sequence sequence = new Sequence(golden.transformer);
        for (float[] input : inputs) sequence.append(new Input.Vector(0, input, 0));
        return sequence;
    }

    /** The states after the final norm. */
    private static float[] hidden(LfmGolden golden, List<HiddenState> states) {
        return concatenated(golden.transformer
                .newHeadKernel()
                .inputs(ExitHeads.none(golden.transformer).at(golden.layers()).weights(), states));
    }

    private static float[] read(List<HiddenState> states) {
        return concatenated(states.stream().map(HiddenState::read).toList());
    }

    private static void assertClose(Safetensors expected, String name, float[] actual, float tolerance) {
        GoldenRows.assertClose(name, actual, expected.tensor(name).toFloats(), tolerance);
    }

    @ParameterizedTest
    @MethodSource("sets")
    void everyNumberOfTheFileIsCountedOnce(String set) {
        LfmGolden golden = LfmGolden.of(set);

        assertThat(golden.transformer.parameters())
                .isEqualTo(golden.checkpoint.names().stream()
                        .filter(name -> name.startsWith("lfm."))
                        .mapToLong(name -> golden.checkpoint.tensor(name).elements())
                        .sum());
    }
}
