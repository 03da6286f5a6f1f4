package sparrow.engine.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import sparrow.engine.tensor.Matrix;

/** Between stored blocks, {@link QuantisedWeight}s and f32 panels. */
final class QuantisedPacking {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    /** Bytes of the scales in front of a block's words. */
    static final long SCALES = 2L * Lanes.COUNT;

    /** Bytes from one word to the next: one of every row. */
    static final long WORD = 4L * Lanes.COUNT;

    private QuantisedPacking() {}

    /** A quantised matrix with its rows side by side, in memory of {@code arena}. */
    static QuantisedWeight pack(Matrix w, Arena arena, ComputePool pool) {
        long bytes = (long) Math.ceilDiv(w.rows(), Weight.ROW_GROUP) * Weight.ROW_GROUP * w.rowBytes();
        QuantisedWeight packed =
                new QuantisedWeight(HugePages.allocate(bytes, arena), w.dtype(), w.rows(), w.columns());
        pool.forEach(packed.bundles(), bundle -> {
            for (int group = 0; group < QuantisedWeight.GROUPS; group++) {
                packGroup(w, bundle * QuantisedWeight.GROUPS + group, packed);
            }
        });
        HugePages.forget(w.data());
        return packed;
    }

    private static void packGroup(Matrix w, int group, QuantisedWeight to) {
        BlockKernel kernel = to.kernel();
        int lanes = Math.min(Lanes.COUNT, w.rows() - group * Lanes.COUNT);
        for (int lane = 0; lane < lanes; lane++) {
            long from = (group * Lanes.COUNT + lane) * w.rowBytes();
            kernel.pack(w.data(), from, to, group, lane);
        }
    }

    /** A block's scales as f32 vector. */
    static FloatVector scales(MemorySegment w, long at) {
        return Lanes.f16(ShortVector.fromMemorySegment(Lanes.HALF, w, at, LE));
    }

    /** Writes columns, of one run of blocks, of PANEL matrix rows from {@code row} on as f32 panel. */
    static void unpackPanel(QuantisedWeight w, int row, int column, int end, MemorySegment panel) {
        int group = row / Lanes.COUNT;
        int width = w.dtype().blockElements();
        int blocks = (end - column) / width;
        unpack(w, group, column / width, blocks, panel, 0);
        unpack(w, group + 1, column / width, blocks, panel, 1);
    }

    /**
     * Writes blocks of a run of a group as f32 into one half of a panel: column c of the run at float {@code c * PANEL + half *
     * COUNT}.
     */
    static void unpack(QuantisedWeight w, int group, int firstBlock, int blocks, MemorySegment panel, int half) {
        w.kernel().unpack(w.data(), w.at(group, firstBlock), blocks, panel, half * WORD);
    }
}
