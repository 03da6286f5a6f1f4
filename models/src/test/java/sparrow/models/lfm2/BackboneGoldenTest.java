package sparrow.models.lfm2;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.models.GoldenRows.concatenated;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.decode.Sequence;
import sparrow.engine.head.Input;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.SelfAttention;
import sparrow.engine.transformer.ShortConvolution;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.weights.Safetensors;
import sparrow.models.GoldenBackbone;

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
            GoldenBackbone backbone = new GoldenBackbone(golden.transformer, expected);
            Sequence sequence = backbone.sequence(backbone.rows("embeds"));

            List<HiddenState> states = backbone.assertLayers("layer", sequence, LAYERS);

            assertKept(backbone, "", sequence);
            backbone.assertClose("final_norm", backbone.hidden(states), HIDDEN);
            backbone.assertClose("text_logits", backbone.logits(states), LOGITS);
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void positionByPositionItIsTheOfficialStepByStep(String set) {
        LfmGolden golden = LfmGolden.of(set);
        try (Safetensors expected = golden.tensors("lm_decode")) {
            GoldenBackbone backbone = new GoldenBackbone(golden.transformer, expected);
            JsonNode chat = golden.json("generate").path("interleaved").path("chat");
            List<float[]> before = golden.inputs(golden.prompt(chat.path("actions")));
            Sequence sequence = backbone.sequence(before.subList(0, before.size() - 1));
            sequence.runPending();
            List<List<float[]>> states = new ArrayList<>();
            for (int layer = 0; layer < golden.layers(); layer++) states.add(new ArrayList<>());
            for (float[] input : backbone.rows("interleaved.inputs")) {
                sequence.append(new Input.Vector(0, input, 0));
                for (int layer = 1; layer <= golden.layers(); layer++) {
                    golden.transformer.forward(sequence.pendingBelow(layer), layer);
                    states.get(layer - 1).add(sequence.newest().read());
                }
            }

            for (int layer = 0; layer < golden.layers(); layer++) {
                backbone.assertClose("interleaved.layer" + layer, concatenated(states.get(layer)), LAYERS);
            }
            List<HiddenState> last =
                    states.getLast().stream().map(golden.transformer::state).toList();
            backbone.assertClose("interleaved.hidden", backbone.hidden(last), HIDDEN);
            assertKept(backbone, "interleaved.", sequence);
        }
    }

    /** Keys, values and the inputs of convolutions, as far as the file has them. */
    private static void assertKept(GoldenBackbone backbone, String prefix, Sequence sequence) {
        KvCache cache = sequence.cache();
        Transformer transformer = backbone.transformer();
        for (int layer = 1; layer <= transformer.config().layers(); layer++) {
            int l = layer;
            switch (transformer.layers().get(layer - 1).mixer()) {
                case SelfAttention _ -> {
                    if (!backbone.expected().has(prefix + "k" + (layer - 1))) continue;
                    int length = sequence.length();
                    backbone.assertByHead(prefix + "k" + (layer - 1), p -> cache.key(l, p), length, STATE);
                    backbone.assertByHead(prefix + "v" + (layer - 1), p -> cache.value(l, p), length, STATE);
                }
                case ShortConvolution convolution ->
                    backbone.assertClose(
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
