package sparrow.engine.exit;

import java.util.HashMap;
import java.util.Map;
import sparrow.engine.kernel.Block;

/** Arrays that heads work in, kept from one token to the next. For one thread, and for heads of any size. */
public final class HeadScratch {
    private final Map<Integer, float[]> scores = new HashMap<>();
    private float[] states = {};
    private float[] translated = {};

    /** No arrays yet: each is made when it is first needed. */
    public HeadScratch() {}

    /** At least so many values, whatever they are. */
    float[] states(int length) {
        if (states.length < length) states = new float[length];
        return states;
    }

    /** At least so many values beside {@link #states}. */
    float[] translated(int length) {
        if (translated.length < length) translated = new float[length];
        return translated;
    }

    /** Scores of some positions by a head of so many rows; those of a single position always lie in the same array. */
    Block scores(int positions, int rows) {
        float[] memory = positions == 1
                ? scores.computeIfAbsent(rows, float[]::new)
                : new float[Math.multiplyExact(positions, rows)];
        return Block.of(memory, positions, rows);
    }
}
