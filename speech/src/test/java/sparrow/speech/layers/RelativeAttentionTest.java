package sparrow.speech.layers;

import static sparrow.speech.Closeness.assertThatValues;
import static sparrow.speech.Goldens.values;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.Goldens;
import sparrow.tensor.kernel.Block;

/** Attention by relative positions, and their table. */
class RelativeAttentionTest {
    private static final String NAME = "encoder.encoders.0.self_attn";
    private static final int WIDTH = 32;
    private static final int HEADS = 4;
    private static final int HEAD = WIDTH / HEADS;

    @Test
    void positionsAreTheOfficialTableUpToTheLookAheadOfABlock() {
        AttentionMask mask = new AttentionMask.BlockCausal(10);

        float[] table = RelativeAttention.positions(23, 23, 48, mask).data();

        // Both run from distance 22 downwards; the official one to -22, ours to -9.
        try (Checkpoint golden = Goldens.open("glm-4-voice/expected/flow.safetensors")) {
            float[] official = values(golden, "enc.pos_emb");
            assertThatValues(table).as("enc.pos_emb").areWithin(1e-5, Arrays.copyOf(official, 32 * 48));
        }
    }

    @Test
    void positionsAreTheWholeOfficialTableWhereEverythingIsSeen() {
        float[] table = RelativeAttention.positions(28, 28, 32, new AttentionMask.Full())
                .data();

        try (Checkpoint golden = Goldens.open("step-audio-2-mini/cases/flow_encoder.safetensors")) {
            assertThatValues(table).as("pos_emb_2T-1").areWithin(1e-5, values(golden, "pos_emb_2T-1"));
        }
    }

    /** More queries than a tile has, after others whose keys are remembered. */
    @ParameterizedTest
    @MethodSource("masks")
    void attentionIsTheFormulaTermByTerm(AttentionMask mask) {
        int before = 70;
        int rows = 210;
        SplittableRandom random = new SplittableRandom(11);
        float[] x = new float[(before + rows) * WIDTH];
        for (int i = 0; i < x.length; i++) x[i] = (float) random.nextGaussian();
        try (Checkpoint weights = Goldens.stepPart("flow")) {
            RelativeAttention attention = new RelativeAttention(Goldens.reader(weights), NAME, WIDTH, HEADS, mask);
            KeyValues past = new KeyValues(WIDTH);
            Block all = Block.of(x, before + rows, WIDTH);
            attention.attend(all.rows(0, before), RelativeAttention.positions(before, before, WIDTH, mask), past);

            Block actual = attention.attend(
                    all.rows(before, before + rows),
                    RelativeAttention.positions(rows, before + rows, WIDTH, mask),
                    past);

            // Sums of at most 280 products of a few units each, in f32 here and in f64 there.
            float[] expected = attended(weights, all, before, mask);
            assertThatValues(actual.data()).areWithin(1e-4, expected);
        }
    }

    static Stream<AttentionMask> masks() {
        return Stream.of(new AttentionMask.Full(), new AttentionMask.BlockCausal(10));
    }

    /** The rows from {@code first} on, in f64: distances and scores one by one. */
    private static float[] attended(Checkpoint weights, Block x, int first, AttentionMask mask) {
        int n = x.rows();
        double[][] q = projected(weights, "linear_q", rows(x));
        double[][] k = projected(weights, "linear_k", rows(x));
        double[][] v = projected(weights, "linear_v", rows(x));
        double[][] p = projected(weights, "linear_pos", sinusoids(n));
        float[] contentBias = weights.floats(NAME + ".pos_bias_u", HEADS, HEAD);
        float[] positionBias = weights.floats(NAME + ".pos_bias_v", HEADS, HEAD);
        double[][] mixed = new double[n - first][WIDTH];
        for (int i = first; i < n; i++) {
            for (int h = 0; h < HEADS; h++) {
                double sum = 0;
                for (int j = 0; j < n; j++) {
                    if (mask instanceof AttentionMask.BlockCausal(int block) && j / block > i / block) continue;
                    double score = 0;
                    for (int c = h * HEAD; c < (h + 1) * HEAD; c++) {
                        score += (q[i][c] + contentBias[c]) * k[j][c];
                        score += (q[i][c] + positionBias[c]) * p[n - 1 + i - j][c];
                    }
                    double weight = Math.exp(score / Math.sqrt(HEAD));
                    sum += weight;
                    for (int c = h * HEAD; c < (h + 1) * HEAD; c++) mixed[i - first][c] += weight * v[j][c];
                }
                for (int c = h * HEAD; c < (h + 1) * HEAD; c++) mixed[i - first][c] /= sum;
            }
        }
        double[][] out = projected(weights, "linear_out", mixed);
        float[] values = new float[out.length * WIDTH];
        for (int i = 0; i < values.length; i++) values[i] = (float) out[i / WIDTH][i % WIDTH];
        return values;
    }

    private static double[][] rows(Block x) {
        double[][] rows = new double[x.rows()][WIDTH];
        for (int r = 0; r < x.rows(); r++) {
            for (int c = 0; c < WIDTH; c++) rows[r][c] = x.data()[r * WIDTH + c];
        }
        return rows;
    }

    /** Those of the distances from -(n - 1) to n - 1. */
    private static double[][] sinusoids(int n) {
        double[][] rows = new double[2 * n - 1][WIDTH];
        for (int r = 0; r < rows.length; r++) {
            for (int c = 0; c < WIDTH; c++) {
                double angle = (r - n + 1) * Math.pow(10000, -(c / 2 * 2.0) / WIDTH);
                rows[r][c] = c % 2 == 0 ? Math.sin(angle) : Math.cos(angle);
            }
        }
        return rows;
    }

    private static double[][] projected(Checkpoint weights, String layer, double[][] x) {
        float[] w = weights.floats(NAME + "." + layer + ".weight", WIDTH, WIDTH);
        String bias = NAME + "." + layer + ".bias";
        float[] b = weights.has(bias) ? weights.floats(bias, WIDTH) : new float[WIDTH];
        double[][] y = new double[x.length][WIDTH];
        for (int r = 0; r < x.length; r++) {
            for (int o = 0; o < WIDTH; o++) {
                y[r][o] = b[o];
                for (int c = 0; c < WIDTH; c++) y[r][o] += x[r][c] * w[o * WIDTH + c];
            }
        }
        return y;
    }
}
