package sparrow.models.lfm2;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.models.GoldenRows.concatenated;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.exit.SpeechLogits;
import sparrow.engine.head.Input;
import sparrow.engine.head.Sampler;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.Position;
import sparrow.formats.weights.Safetensors;
import sparrow.models.GoldenRows;
import sparrow.models.frame.GoldenUnits;

/** The random depth decoders of the golden data against what the official modules computed from them. */
class DepthDecoderGoldenTest {
    private static final float TOLERANCE = 1e-4f;

    static List<String> sets() {
        return LfmGolden.names();
    }

    @ParameterizedTest
    @MethodSource("sets")
    void codesOfAFrameAreTheOfficialOnes(String set) {
        LfmGolden golden = LfmGolden.of(set);
        try (Safetensors expected = golden.tensors("depthformer")) {
            for (int i = 0; expected.has(i + ".hidden"); i++) {
                float[] hidden = expected.tensor(i + ".hidden").toFloats();
                float[] front = GoldenUnits.front(golden.checkpoint, Lfm2Family.DEPTH_LINEAR, golden.units, hidden);
                assertClose(expected, i + ".depth_linear", front);

                int[] forced = expected.tensor(i + ".forced_codes").toInts();
                assertClose(expected, i + ".logits", logits(golden, front, forced));
                assertThat(greedy(golden, front))
                        .containsExactly(expected.tensor(i + ".greedy_frame").toInts());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void givenCodesGoThroughItsLayersInOnePass(String set) {
        LfmGolden golden = LfmGolden.of(set);
        DepthDecoder depth = golden.depth();
        try (Safetensors expected = golden.tensors("depthformer")) {
            for (int i = 0; expected.has(i + ".hidden"); i++) {
                List<float[]> inputs =
                        GoldenRows.rows(expected.tensor(i + ".depth_linear").toFloats(), depth.width());
                int[] forced = expected.tensor(i + ".forced_codes").toInts();
                KvCache cache = depth.layers().newCache();
                List<Position> positions = new ArrayList<>();
                for (int at = 0; at < inputs.size(); at++) {
                    if (at > 0) depth.addEmbedding(at - 1, forced[at - 1], inputs.get(at));
                    positions.add(new Position(cache, at, depth.layers().state(inputs.get(at))));
                }
                for (int layer = 1; layer <= depth.layers().config().layers(); layer++) {
                    depth.layers().forward(positions, layer);
                    String name = i + ".layer" + (layer - 1);
                    if (expected.has(name)) assertClose(expected, name, states(positions));
                }
                assertClose(expected, i + ".out", states(positions));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void inputBehindAFrameIsTheSumOfItsEmbeddings(String set) {
        LfmGolden golden = LfmGolden.of(set);
        try (Safetensors expected = golden.tensors("depthformer")) {
            // One codebook a row.
            int frames = expected.tensor("sum.codes").shape().get(1);
            int[] codes = expected.tensor("sum.codes").toInts();
            List<float[]> sums = new ArrayList<>();
            for (int frame = 0; frame < frames; frame++) {
                int at = frame;
                List<Integer> own = IntStream.range(0, codes.length / frames)
                        .mapToObj(codebook -> codes[codebook * frames + at])
                        .toList();
                sums.add(((Input.Vector) golden.units.input(new Unit.Frame(own))).values());
            }

            GoldenRows.assertClose(
                    "sum", concatenated(sums), expected.tensor("sum.embedding").toFloats(), 1e-6f);
        }
    }

    @Test
    void aFrameReadsTheLayersForEachCodebook() {
        LfmGolden golden = LfmGolden.of("a");
        long layers = 0;
        for (String name : golden.checkpoint.names()) {
            var tensor = golden.checkpoint.tensor(name);
            if (name.startsWith("depthformer.") && tensor.shape().size() == 2) layers += tensor.elements();
        }
        long front = (long) 8 * 128 * 64;
        long head = (long) DepthDecoder.CODES * 128;

        assertThat(golden.units.speechHeadBytes(golden.layers(), SpeechLogits.ALL))
                .isEqualTo(Short.BYTES * (front + 8 * (layers + head)));
        assertThat(golden.units.entropyBytes(golden.layers())).isEqualTo(Short.BYTES * (front + layers + head));
    }

    private static float[] logits(LfmGolden golden, float[] front, int[] codes) {
        DepthSteps steps = new DepthSteps(golden.depth());
        steps.begin(List.of(front));
        List<float[]> logits = new ArrayList<>();
        for (int code : codes) {
            logits.add(steps.next().getFirst().values().clone());
            steps.accept(List.of(code));
        }
        return concatenated(logits);
    }

    private static int[] greedy(LfmGolden golden, float[] front) {
        return golden(LfmGolden.choice(golden.units, front, new Sampler(Sampling.GREEDY, 1), 0)
                .frame(0));
    }

    private static int[] golden(Unit frame) {
        return ((Unit.Frame) frame).codes().stream().mapToInt(Integer::intValue).toArray();
    }

    private static float[] states(List<Position> positions) {
        return concatenated(
                positions.stream().map(position -> position.state().read()).toList());
    }

    private static void assertClose(Safetensors expected, String name, float[] actual) {
        GoldenRows.assertClose(name, actual, expected.tensor(name).toFloats(), TOLERANCE);
    }
}
