package sparrow.engine.exit;

import java.util.HashMap;
import java.util.Map;

/** Arrays that heads work in, kept from one token to the next. For one thread, and for heads of any size. */
public final class HeadScratch {
    private final Map<Integer, float[]> scores = new HashMap<>();
    private float[] states = {};

    /** No arrays yet: each is made when it is first needed. */
    public HeadScratch() {}

    /** At least so many values, whatever they are. */
    float[] states(int length) {
        if (states.length < length) states = new float[length];
        return states;
    }

    /** The scores of one position by a head of so many rows; always the same array. */
    float[] scores(int rows) {
        return scores.computeIfAbsent(rows, float[]::new);
    }
}
