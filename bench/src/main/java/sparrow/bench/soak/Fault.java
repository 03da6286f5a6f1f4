package sparrow.bench.soak;

import java.util.Locale;

/** A fault that a server must survive; {@link SoakFaults} injects it. */
enum Fault {
    /** A client resets its connection in the middle of an answer. */
    CUT(2),
    /** A client sends questions, but never reads. */
    STALLED_READER(0.5),
    /** A client sends headers at one character per second. */
    SLOW_HEADERS(0.5),
    /** A client sends a body at one character per second. */
    SLOW_BODY(0.5),
    /** A client sends three frames of 20 MB. */
    HUGE_FRAMES(0.5),
    /** A client sends requests without a key or with a wrong key. */
    WRONG_KEY(2),
    /** The disk that contains the cache and the reply log is temporarily full. */
    FULL_DISK(0.2),
    /** A vocoder thread runs out of memory. */
    VOCODER(0.2),
    /** The server receives SIGTERM and is started again. */
    RESTART(0.2);

    private final double perMinute;

    Fault(double perMinute) {
        this.perMinute = perMinute;
    }

    /** Returns the default rate: the average number of faults per minute. */
    double perMinute() {
        return perMinute;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
