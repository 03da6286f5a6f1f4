package sparrow.testing;

import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Seeds for tests of properties that hold for any seed. Each run draws new seeds: 10, or the number given by the system
 * property {@value #COUNT} ({@code -Pseeds}: 200). The run prints its own seed, and is repeated if that seed is given
 * by the system property {@value #RUN}.
 */
public final class Seeds {
    private static final String COUNT = "sparrow.seeds";
    private static final String RUN = "sparrow.seed";

    private static final long OF_RUN = ofRun();

    private Seeds() {}

    private static long ofRun() {
        long seed = Long.getLong(RUN, new SplittableRandom().nextInt(Integer.MAX_VALUE));
        System.out.println("seeds of this run: -D" + RUN + "=" + seed);
        return seed;
    }

    /**
     * Returns the drawn seeds of a test class.
     *
     * @param test a unique number for each test class, so that not all classes test the same models
     */
    public static LongStream drawn(long test) {
        return new SplittableRandom(OF_RUN ^ test << 32).longs(count());
    }

    private static int count() {
        return Integer.getInteger(COUNT, 10);
    }

    /** Returns seeds that are equal in each run, for tests that count how often something occurs. */
    public static LongStream fixed(long first, int count) {
        return new SplittableRandom(first).longs(count);
    }
}
