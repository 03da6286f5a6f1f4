package sparrow.bench.voice;

import java.util.EnumMap;
import java.util.Map;

/** Sums up time and products of stages that follow one another, some of them several times. */
final class Stopwatch {
    private final StageMeter meter;
    private final Map<Stage, Long> nanos = new EnumMap<>(Stage.class);
    private final Map<Stage, Work> work = new EnumMap<>(Stage.class);
    private final long began = System.nanoTime();
    private Stage current;
    private long since;

    Stopwatch(StageMeter meter) {
        this.meter = meter;
    }

    /** A stage begins, and the one before has ended. */
    void enter(Stage stage) {
        stop();
        current = stage;
        meter.begin();
        since = System.nanoTime();
    }

    /** The stage has ended. */
    void stop() {
        if (current == null) return;
        nanos.merge(current, System.nanoTime() - since, Long::sum);
        work.merge(current, meter.end(), Work::and);
        current = null;
    }

    /** Nanoseconds of the stages so far, the one under way left out; a copy. */
    Map<Stage, Long> nanos() {
        return nanos.isEmpty() ? new EnumMap<>(Stage.class) : new EnumMap<>(nanos);
    }

    /** Products of the stages so far. */
    Map<Stage, Work> work() {
        return work;
    }

    /** Nanoseconds since the watch was made, what lies between stages included. */
    long total() {
        return System.nanoTime() - began;
    }
}
