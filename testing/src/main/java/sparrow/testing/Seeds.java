package sparrow.testing;

import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Seeds of tests of properties that hold for any. Each run draws new ones: 10, or as many as the system property {@value #COUNT}
 * says ({@code -Pseeds}: 200). It prints the seed of the run, and with that in the system property {@value #RUN} it is repeated.
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

    /** @param test a number of its own for each test class, so that not all classes try the same models */
    public static LongStream drawn(long test) {
        return new SplittableRandom(OF_RUN ^ test << 32).longs(count());
    }

    private static int count() {
        return Integer.getInteger(COUNT, 10);
    }

    /** The same ones in each run, for tests that count how often something occurs. */
    public static LongStream fixed(long first, int count) {
        return new SplittableRandom(first).longs(count);
    }
}
