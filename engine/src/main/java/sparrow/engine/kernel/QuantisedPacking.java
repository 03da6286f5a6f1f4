package sparrow.engine.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import sparrow.engine.tensor.DType;
import sparrow.engine.tensor.Matrix;

/** Between stored blocks, {@link QuantisedWeight}s and f32 panels. */
final class QuantisedPacking {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LE);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LE);

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
        int lanes = Math.min(Lanes.COUNT, w.rows() - group * Lanes.COUNT);
        for (int lane = 0; lane < lanes; lane++) {
            long from = (group * Lanes.COUNT + lane) * w.rowBytes();
            if (w.dtype() == DType.Q8_0) packBytes(w.data(), from, to, group, lane);
            else packNibbles(w.data(), from, to, group, lane);
        }
    }

    private static void packBytes(MemorySegment from, long start, QuantisedWeight to, int group, int lane) {
        for (int block = 0; block < to.blocks(); block++, start += 34) {
            long at = to.at(group, block);
            to.data().set(I16, at + 2L * lane, from.get(I16, start));
            for (int word = 0; word < 8; word++) {
                to.data().set(I32, at + SCALES + word * WORD + 4L * lane, from.get(I32, start + 2 + 4L * word));
            }
        }
    }

    private static void packNibbles(MemorySegment from, long start, QuantisedWeight to, int group, int lane) {
        for (int block = 0; block < to.blocks(); block++, start += 18) {
            long at = to.at(group, block);
            to.data().set(I16, at + 2L * lane, from.get(I16, start));
            for (int word = 0; word < 4; word++) {
                int bytes = from.get(I32, start + 2 + 4L * word);
                int nibbles = nibbles(bytes) | nibbles(bytes >>> 4) << 16;
                to.data().set(I32, at + SCALES + word * WORD + 4L * lane, nibbles);
            }
        }
    }

    /** The low nibbles of four bytes, as sixteen bits. */
    private static int nibbles(int bytes) {
        int low = bytes & 0x0f0f0f0f;
        int pairs = (low | low >>> 4) & 0x00ff00ff;
        return (pairs | pairs >>> 8) & 0xffff;
    }

    /** A block's scales as f32 vector. */
    static FloatVector scales(MemorySegment w, long at) {
        return Lanes.f16(ShortVector.fromMemorySegment(Lanes.HALF, w, at, LE));
    }

    /** Writes columns, of one run of blocks, of PANEL matrix rows from {@code row} on as f32 panel. */
    static void unpackPanel(QuantisedWeight w, int row, int column, int end, MemorySegment panel) {
        int group = row / Lanes.COUNT;
        int blocks = (end - column) / 32;
        unpack(w, group, column / 32, blocks, panel, 0);
        unpack(w, group + 1, column / 32, blocks, panel, 1);
    }

    /**
     * Writes blocks of a run of a group as f32 into one half of a panel: column c of the run at float {@code c * PANEL + half *
     * COUNT}.
     */
    static void unpack(QuantisedWeight w, int group, int firstBlock, int blocks, MemorySegment panel, int half) {
        long at = w.at(group, firstBlock);
        long to = half * WORD;
        for (int block = 0; block < blocks; block++, at += w.blockBytes(), to += 32 * 2 * WORD) {
            if (w.dtype() == DType.Q8_0) unpackBytes(w.data(), at, panel, to);
            else unpackNibbles(w.data(), at, panel, to);
        }
    }

    private static void unpackBytes(MemorySegment w, long at, MemorySegment panel, long to) {
        FloatVector scale = scales(w, at);
        for (int word = 0; word < 8; word++) {
            IntVector v = IntVector.fromMemorySegment(Lanes.I32, w, at + SCALES + word * WORD, LE);
            for (int shift = 24; shift >= 0; shift -= 8, to += 2 * WORD) {
                IntVector q = v.lanewise(VectorOperators.LSHL, shift).lanewise(VectorOperators.ASHR, 24);
                ((FloatVector) q.convert(VectorOperators.I2F, 0)).mul(scale).intoMemorySegment(panel, to, LE);
            }
        }
    }

    private static void unpackNibbles(MemorySegment w, long at, MemorySegment panel, long to) {
        FloatVector scale = scales(w, at);
        for (int word = 0; word < 4; word++, to += 4 * 2 * WORD) {
            IntVector v = IntVector.fromMemorySegment(Lanes.I32, w, at + SCALES + word * WORD, LE);
            for (int nibble = 0; nibble < 8; nibble++) {
                IntVector q =
                        v.lanewise(VectorOperators.LSHR, 4 * nibble).and(15).sub(8);
                // The upper half of the word holds the columns 16 further on.
                long column = (nibble & 3) + 4L * (nibble & 4);
                ((FloatVector) q.convert(VectorOperators.I2F, 0))
                        .mul(scale)
                        .intoMemorySegment(panel, to + column * 2 * WORD, LE);
            }
        }
    }
}
