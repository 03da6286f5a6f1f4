package sparrow.engine;

import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Seeds of tests of what holds for any. The system property {@value #MOST} leaves the first few of them, where every one takes
 * long: on a device each model is taken over first, and models as small as these are slow.
 */
public final class Seeds {
    private static final String MOST = "sparrow.seeds";

    private Seeds() {}

    /** @param first seed, from which the others are drawn */
    public static LongStream of(long first, int count) {
        return new SplittableRandom(first).longs(Math.min(count, Integer.getInteger(MOST, count)));
    }
}
