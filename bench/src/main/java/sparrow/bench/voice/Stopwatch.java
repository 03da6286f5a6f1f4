package sparrow.bench.voice;

import java.util.EnumMap;
import java.util.Map;

/** Sums the time of stages, which run one after another and may repeat, and notifies the meter of each stage. */
final class Stopwatch {
    private final StageMeter meter;
    private final Map<Stage, Long> nanos = new EnumMap<>(Stage.class);
    private final long began = System.nanoTime();
    private Stage current;
    private long since;

    Stopwatch(StageMeter meter) {
        this.meter = meter;
        meter.reset();
    }

    /** Ends the current stage, and starts another stage. */
    void enter(Stage stage) {
        stop();
        current = stage;
        meter.enter(stage);
        since = System.nanoTime();
    }

    void stop() {
        if (current == null) return;
        nanos.merge(current, System.nanoTime() - since, Long::sum);
        meter.leave();
        current = null;
    }

    /** Returns the time of each completed stage, in nanoseconds. */
    Map<Stage, Long> nanos() {
        return nanos.isEmpty() ? new EnumMap<>(Stage.class) : new EnumMap<>(nanos);
    }

    /** Returns the time since the creation of this object, in nanoseconds, including the time between stages. */
    long total() {
        return System.nanoTime() - began;
    }
}
