package sparrow.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import sparrow.engine.transformer.TransformerConfig;

/** Rows of a transformer laid out as golden files have them, and compared. */
public final class GoldenRows {
    private GoldenRows() {}

    /** Rows behind each other, [rows, width]. */
    public static float[] concatenated(List<float[]> rows) {
        int width = rows.getFirst().length;
        float[] all = new float[rows.size() * width];
        for (int r = 0; r < rows.size(); r++) System.arraycopy(rows.get(r), 0, all, r * width, width);
        return all;
    }

    /** Returns the rows of a matrix. */
    public static List<float[]> rows(float[] matrix, int width) {
        List<float[]> rows = new ArrayList<>();
        for (int at = 0; at < matrix.length; at += width) rows.add(Arrays.copyOfRange(matrix, at, at + width));
        return rows;
    }

    /** Keys or values by position, each [heads * head width], as [heads, positions, head width]. */
    public static float[] byHead(TransformerConfig config, IntFunction<float[]> cache, int positions) {
        int heads = config.kvHeads();
        int width = config.headWidth();
        float[] all = new float[heads * positions * width];
        for (int p = 0; p < positions; p++) {
            float[] row = cache.apply(p);
            for (int h = 0; h < heads; h++) {
                System.arraycopy(row, h * width, all, (h * positions + p) * width, width);
            }
        }
        return all;
    }

    /** Fails if a value is off by more than {@code tolerance}, naming the worst one. */
    public static void assertClose(String name, float[] actual, float[] golden, float tolerance) {
        assertThat(actual).as(name).hasSameSizeAs(golden);
        int worst = 0;
        for (int i = 0; i < actual.length; i++) {
            // A NaN is the worst of all.
            if (!(Math.abs(actual[i] - golden[i]) <= Math.abs(actual[worst] - golden[worst]))) worst = i;
        }
        assertThat(actual[worst])
                .as("%s: worst element %d of %d", name, worst, actual.length)
                .isCloseTo(golden[worst], within(tolerance));
    }
}
