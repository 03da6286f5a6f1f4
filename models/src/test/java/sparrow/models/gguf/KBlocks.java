package sparrow.models.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/** Random matrices of K-quants, for tests. */
public final class KBlocks {
    private KBlocks() {}

    /**
     * Returns random bits, one block a row, under factors that give numbers around 0 of about 1/16: a scale, and what
     * centres the codes.
     */
    public static Tensor random(SplittableRandom random, DType type, int rows) {
        byte[] bytes = new byte[rows * type.blockBytes()];
        random.nextBytes(bytes);
        MemorySegment data = MemorySegment.ofArray(bytes);
        float scale = switch (type) {
            case Q4_K -> 2.5e-4f;
            case Q5_K -> 1.25e-4f;
            default -> 4.6e-5f;
        };
        float[] factors = {scale, type == DType.Q4_K ? 7.5f * scale : 15.5f * scale};
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < type.factors().size(); i++) {
                long at = (long) row * type.blockBytes() + type.factors().get(i);
                data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(factors[i]));
            }
        }
        return new Tensor(data, type, List.of(rows, type.blockElements()));
    }
}
