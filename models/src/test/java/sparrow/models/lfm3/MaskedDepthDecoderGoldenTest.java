package sparrow.models.lfm3;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.models.GoldenRows.assertClose;
import static sparrow.models.GoldenRows.concatenated;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import sparrow.engine.exit.SpeechLogits;
import sparrow.engine.head.OutputHead;
import sparrow.engine.head.Sampler;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Position;
import sparrow.formats.weights.Safetensors;
import sparrow.models.GoldenRows;
import sparrow.models.frame.FrameChoice;
import sparrow.models.frame.GoldenUnits;

/** The random depth decoders of the golden data against what llama.cpp computed from them. */
class MaskedDepthDecoderGoldenTest {
    private static final float TOLERANCE = 1e-4f;

    private static final List<String> SETS = Lfm3Golden.SETS;

    @ParameterizedTest
    @FieldSource("SETS")
    void everyPassIsThatOfLlamaCpp(String set) {
        Lfm3Golden golden = Lfm3Golden.of(set);
        MaskedDepthDecoder depth = golden.depth();
        try (Safetensors expected = golden.tensors("depth")) {
            for (int frame = 0; frame < 2; frame++) {
                float[] front = front(golden, expected.tensor(frame + ".hidden").toFloats());
                for (int pass = 0; pass < 3; pass++) {
                    String name = frame + ".pass" + pass + ".";
                    int[] codes = expected.tensor(name + "codes").toInts();
                    MaskedPass passes = new MaskedPass(depth);
                    passes.run(List.of(front), List.of(codes));
                    List<float[]> logits = new ArrayList<>();
                    for (int codebook = 0; codebook < 12; codebook++) {
                        Logits own = passes.logits(codebook, List.of(0)).getFirst();
                        logits.add(own.values().clone());
                    }
                    assertClose(
                            name + "logits",
                            concatenated(logits),
                            expected.tensor(name + "logits").toFloats(),
                            TOLERANCE);
                    assertLayers(depth, expected, name);
                }
            }
        }
    }

    private static void assertLayers(MaskedDepthDecoder depth, Safetensors expected, String name) {
        List<float[]> inputs = GoldenRows.rows(expected.tensor(name + "input").toFloats(), depth.width());
        KvCache cache = depth.layers().newCache();
        List<Position> positions = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            positions.add(new Position(cache, i, depth.layers().state(inputs.get(i))));
        }
        for (int layer = 1; layer <= depth.layers().config().layers(); layer++) {
            depth.layers().forward(positions, layer);
            String own = name + "layer" + (layer - 1);
            if (!expected.has(own)) continue;
            assertClose(
                    own,
                    concatenated(positions.stream()
                            .map(position -> position.state().read())
                            .toList()),
                    expected.tensor(own).toFloats(),
                    TOLERANCE);
        }
    }

    /** Computes the input of the decoder from h, which is already normalised. */
    private static float[] front(Lfm3Golden golden, float[] hidden) {
        return GoldenUnits.front(golden.sound, "a.gen.code.proj_in", golden.units, hidden);
    }

    @Test
    void framesOfABatchAreThoseOfEachAlone() {
        Lfm3Golden golden = Lfm3Golden.of("b");
        Sampling sampling = new Sampling(0, 0, 1, 1, 5, new Sampling.Codes(0.8, 12, 1.3, 3));
        try (Safetensors expected = golden.tensors("lm_decode")) {
            List<float[]> inputs = GoldenRows.rows(
                            expected.tensor("mixed_sampled.hidden").toFloats(), 40)
                    .stream()
                    .map(hidden -> front(golden, hidden))
                    .toList();
            List<OutputHead.Query> queries = new ArrayList<>();
            for (int i = 0; i < inputs.size(); i++) {
                Sampler sampler = new Sampler(sampling, 1);
                sampler.observeFrame(i - 1, new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
                queries.add(new OutputHead.Query(null, Modality.SPEECH, false, sampler, i));
            }
            // More than go through the layers together.
            assertThat(inputs).hasSizeGreaterThan(40);

            FrameChoice together = golden.depth().newChooser().choice(inputs, queries);

            for (int i = 0; i < inputs.size(); i++) {
                FrameChoice alone =
                        golden.depth().newChooser().choice(inputs.subList(i, i + 1), queries.subList(i, i + 1));
                double entropy = alone.first(0).entropy();
                Unit.Frame frame = alone.frame(0);
                assertThat(together.frame(i)).isEqualTo(frame);
                assertThat(alone.first(0).entropy()).isEqualTo(entropy);
                assertThat(together.firstCodebook(i)).isEqualTo(alone.firstCodebook(0));
            }
        }
    }

    @Test
    void givenCodesAreScoredAsTheirPassesScoreThem() {
        Lfm3Golden golden = Lfm3Golden.of("b");
        try (Safetensors expected = golden.tensors("depth")) {
            float[] front = front(golden, expected.tensor("0.hidden").toFloats());
            List<Integer> codes = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

            List<Logits> scores = golden.depth().scores(front, codes);

            assertThat(scores).hasSize(12);
            int[] known = {1, 2, 3, 4, 5, 6, 7, 8, -1, -1, -1, -1};
            MaskedPass pass = new MaskedPass(golden.depth());
            pass.run(List.of(front), List.of(known));
            assertThat(scores.get(9).values())
                    .isEqualTo(pass.logits(9, List.of(0)).getFirst().values());
            assertThat(golden.depth().scores(front, List.of(1, 2, 130, 4, 5, 6, 7, 8, 9, 10, 11, 12)))
                    .hasSize(4);
        }
    }

    @Test
    void aFrameReadsTheLayersForEachPass() {
        Lfm3Golden golden = Lfm3Golden.of("b");
        long layers = 0;
        for (String name : golden.sound.names()) {
            var tensor = golden.sound.tensor(name);
            if (name.startsWith("a.gen.code.blk.") && tensor.shape().size() == 2) layers += tensor.elements();
        }
        long front = 12L * 48 * 40;
        long head = 131L * 48;

        assertThat(golden.units.speechHeadBytes(golden.layers(), SpeechLogits.ALL))
                .isEqualTo(Short.BYTES * (front + 3 * layers + 12 * head));
        assertThat(golden.units.entropyBytes(golden.layers())).isEqualTo(Short.BYTES * (front + layers + head));
    }

    @Test
    void ordersArePermutationsThatDependOnSeedAndPosition() {
        Sampler sampler = new Sampler(new Sampling(0, 0, 1, 1, 7), 1);
        int[] counts = new int[12];
        for (int position = 0; position < 1200; position++) {
            int[] order = sampler.order(12, position);
            assertThat(order).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
            assertThat(sampler.order(12, position)).containsExactly(order);
            counts[order[0]]++;
        }

        assertThat(Arrays.stream(counts).min().orElseThrow()).isGreaterThan(60);
        assertThat(new Sampler(new Sampling(0, 0, 1, 1, 8), 1).order(12, 3)).isNotEqualTo(sampler.order(12, 3));
    }
}
