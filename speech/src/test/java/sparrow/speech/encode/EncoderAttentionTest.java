package sparrow.speech.encode;

import static sparrow.speech.Golden.assertClose;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.speech.layers.AttentionMask;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

class EncoderAttentionTest {
    private static final int HEADS = 3;
    private static final int WIDTH = 24;

    /** Blocks smaller and larger than a tile of 256, ends inside and at the end of a block, padding behind. */
    @ParameterizedTest(name = "{0} frames, {1} valid, blocks of {2}")
    @CsvSource({"1,1,40", "40,40,40", "44,41,40", "120,118,40", "13,9,1", "700,697,600", "1500,1500,200", "600,600,256"
    })
    void ofBlocksEqualsTheDefinition(int frames, int valid, int blockFrames) {
        check(frames, valid, new AttentionMask.BlockCausal(blockFrames), blockFrames);
    }

    /** One tile and several, padding behind; also frames that attend without being attended to. */
    @ParameterizedTest(name = "{0} frames, {1} valid")
    @CsvSource({"1,1", "256,256", "257,200", "600,3", "1251,1250"})
    void ofAllFramesEqualsTheDefinition(int frames, int valid) {
        check(frames, valid, new AttentionMask.Full(), frames);
    }

    private static void check(int frames, int valid, AttentionMask mask, int blockFrames) {
        EncoderShape shape = new EncoderShape(
                80, WIDTH, HEADS, 8, 1, 1500, EncoderShape.Padding.CAUSAL, mask, EncoderShape.Names.HUGGING_FACE);
        SplittableRandom random = new SplittableRandom(frames);
        float[] qkv = new float[frames * 3 * WIDTH];
        for (int i = 0; i < qkv.length; i++) qkv[i] = (float) random.nextDouble(-2, 2);
        float[] attended = new float[frames * WIDTH];

        try (ComputePool pool = new ComputePool(2)) {
            new EncoderAttention(shape, Kernels.create(pool))
                    .attend(Block.of(qkv, frames, 3 * WIDTH), valid, Block.of(attended, frames, WIDTH));
        }

        // Means of values below 2 with weights from f32 sums of 8 products below 4 and a vector exponential.
        assertClose("attended", attended, definition(qkv, frames, valid, blockFrames), 1e-5f);
    }

    private static float[] definition(float[] qkv, int frames, int valid, int blockFrames) {
        float[] attended = new float[frames * WIDTH];
        int headWidth = WIDTH / HEADS;
        for (int i = 0; i < frames * HEADS; i++) {
            int query = i / HEADS;
            int column = i % HEADS * headWidth;
            double total = 0;
            double[] sums = new double[headWidth];
            for (int key = 0; key < valid; key++) {
                if (key > query && key / blockFrames != query / blockFrames) continue;
                double score = 0;
                for (int c = column; c < column + headWidth; c++) {
                    score += (double) qkv[query * 3 * WIDTH + c] * qkv[key * 3 * WIDTH + WIDTH + c];
                }
                double weight = Math.exp(score / Math.sqrt(headWidth));
                total += weight;
                for (int c = 0; c < headWidth; c++) sums[c] += weight * qkv[(key * 3 + 2) * WIDTH + column + c];
            }
            for (int c = 0; c < headWidth; c++) attended[query * WIDTH + column + c] = (float) (sums[c] / total);
        }
        return attended;
    }
}
