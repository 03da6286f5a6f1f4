package sparrow.bench.load;

import java.util.Locale;

/** A fault that a server must survive; {@link SoakFaults} does each. */
enum Fault {
    /** A client resets its connection in the middle of an answer. */
    CUT(2),
    /** A client asks and asks, and reads nothing. */
    STALLED_READER(0.5),
    /** Headers come one character a second. */
    SLOW_HEADERS(0.5),
    /** A body comes one character a second. */
    SLOW_BODY(0.5),
    /** Three frames of 20 MB. */
    HUGE_FRAMES(0.5),
    /** Requests without a key or with a wrong one. */
    WRONG_KEY(2),
    /** The disk under the cache and the log of replies is full for a while. */
    FULL_DISK(0.2),
    /** A vocoder thread runs out of memory. */
    VOCODER(0.2),
    /** SIGTERM, and a start. */
    RESTART(0.2);

    private final double perMinute;

    Fault(double perMinute) {
        this.perMinute = perMinute;
    }

    /** Times a minute, on average, unless the command line says otherwise. */
    double perMinute() {
        return perMinute;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
