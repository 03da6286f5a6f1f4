package sparrow.study.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.app.options.JitWatch;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Transformer;

/**
 * Measures the cost of a row in addition to the first in a pass, as a fraction of a pass of one row. The cost depends on
 * the machine and on the size of the model, because reading weights from memory can take longer than the arithmetic of
 * a few rows.
 */
final class RowCost {
    /** Maximum number of rows that are measured. */
    private static final int ROWS = 4;

    /** Minimum number of measured rounds. */
    private static final int ROUNDS = 7;

    /** Minimum time of a part of the JIT warm-up and of the measurement. */
    private static final long NANOS = 2_000_000_000L;

    /** Maximum time of the JIT warm-up. */
    private static final Duration MAX_WARM_UP = Duration.ofSeconds(30);

    /** JIT load below which a part of the warm-up is the last, as in the benchmarks. */
    private static final double QUIET_JIT = 0.03;

    private RowCost() {}

    /**
     * Returns the mean cost of a row in passes of two, three and four rows. The fastest pass is used for each number of
     * rows, because other work on the machine only slows passes down. Takes at least four seconds, because the
     * JIT compiler must be idle first.
     */
    static double measure(Transformer transformer) {
        JitWatch.repeatUntil(QUIET_JIT, MAX_WARM_UP, () -> fastest(transformer, 1));
        double[] nanos = fastest(transformer, ROUNDS);
        double sum = 0;
        for (int more = 1; more < ROWS; more++) sum += Math.max(0, nanos[more] / nanos[0] - 1) / more;
        return sum / (ROWS - 1);
    }

    /** Returns the duration of the fastest pass for each number of rows, in nanoseconds. */
    private static double[] fastest(Transformer transformer, int rounds) {
        double[] fastest = new double[ROWS];
        Arrays.fill(fastest, Double.POSITIVE_INFINITY);
        long end = System.nanoTime() + NANOS;
        for (int round = 0; round < rounds || System.nanoTime() < end; round++) {
            double[] nanos = round(transformer);
            for (int rows = 0; rows < ROWS; rows++) fastest[rows] = Math.min(fastest[rows], nanos[rows]);
        }
        return fastest;
    }

    /** Returns the duration of one pass for each number of rows, in nanoseconds. */
    private static double[] round(Transformer transformer) {
        double[] nanos = new double[ROWS];
        for (int rows = 1; rows <= ROWS; rows++) {
            KvCache cache = transformer.newCache();
            List<Position> positions = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                positions.add(new Position(cache, row, transformer.state(transformer.embed(row))));
            }
            long start = System.nanoTime();
            transformer.forward(positions, transformer.config().layers());
            positions.getLast().state().read();
            nanos[rows - 1] = System.nanoTime() - start;
        }
        return nanos;
    }
}
