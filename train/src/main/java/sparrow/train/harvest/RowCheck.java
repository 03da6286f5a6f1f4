package sparrow.train.harvest;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import sparrow.formats.weights.BadFileException;
import sparrow.tensor.Tensor;

/** Refuses numbers that no harvest writes: training would fail of them, or make heads of nothing. */
final class RowCheck {
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** An f16 without its sign is finite below this. */
    private static final int INFINITE = 0x7c00;

    private final Path file;
    private final HarvestRows rows;

    private RowCheck(Path file, HarvestRows rows) {
        this.file = file;
        this.rows = rows;
    }

    /**
     * Looks at every number.
     *
     * @param file that the rows lie in, for the message
     * @param metadata of the store
     * @throws BadFileException naming tensor and position, counted from 0 over the file
     */
    static void check(Path file, HarvestRows rows, StoreMetadata metadata) {
        if (rows.positions() == 0) return;
        RowCheck check = new RowCheck(file, rows);
        HarvestLayout layout = rows.layout();
        int vocabulary = metadata.vocabulary();
        check.integers(HarvestLayout.MODALITY, 1, "0 (text) or 1 (speech)");
        String id = "an id from 0 to " + (vocabulary - 1);
        check.integers(HarvestLayout.TOKENS, vocabulary - 1, id);
        check.integers(HarvestLayout.CHOICES, vocabulary - 1, id);
        if (metadata.codebooks() > 0)
            check.integers(HarvestLayout.CODES, metadata.codes() - 1, "a code from 0 to " + (metadata.codes() - 1));
        for (int layer : layout.layers()) check.states(layer);
        if (layout.top() == 0) return;
        check.integers(HarvestLayout.TOP_IDS, vocabulary - 1, id);
        check.numbers(HarvestLayout.TOP_LOGS, Float.NEGATIVE_INFINITY, 0, "the logarithm of a probability, 0 or less");
        check.numbers(HarvestLayout.OTHERS, 0, 1, "a probability from 0 to 1");
    }

    private void integers(String tensor, int largest, String expected) {
        Tensor its = rows.tensors().get(tensor);
        long columns = its.elements() / rows.positions();
        for (long i = 0; i < its.elements(); i++) {
            int value = its.data().get(I32, 4 * i);
            boolean absent = isAbsent(tensor, i / columns);
            if (absent && value != HarvestRows.NONE) throw wrong(tensor, i, Integer.toString(HarvestRows.NONE), value);
            if (!absent && (value < 0 || value > largest)) throw wrong(tensor, i, expected, value);
        }
    }

    /** True if a position has nothing in a tensor: a frame is no token, and text has no codes. */
    private boolean isAbsent(String tensor, long position) {
        if (rows.layout().codebooks() == 0 || tensor.equals(HarvestLayout.MODALITY)) return false;
        boolean frame = rows.tensors().get(HarvestLayout.MODALITY).data().get(I32, 4 * position) == 1;
        return frame != tensor.equals(HarvestLayout.CODES);
    }

    private void numbers(String tensor, float smallest, float largest, String expected) {
        MemorySegment data = rows.tensors().get(tensor).data();
        for (long i = 0; i < data.byteSize() / 4; i++) {
            float value = data.get(F32, 4 * i);
            // Not the other way round, which a NaN would pass.
            if (!(value >= smallest && value <= largest)) throw wrong(tensor, i, expected, value);
        }
    }

    private void states(int layer) {
        String scales = HarvestLayout.scales(layer);
        String states = HarvestLayout.states(layer);
        MemorySegment data = rows.tensors().get(states).data();
        short[] row = new short[rows.layout().width()];
        for (int position = 0; position < rows.positions(); position++) {
            long first = (long) position * row.length;
            MemorySegment.copy(data, I16, 2 * first, row, 0, row.length);
            int largest = 0;
            for (short half : row) largest = Math.max(largest, half & 0x7fff);
            for (int c = 0; largest >= INFINITE && c < row.length; c++) {
                if ((row[c] & 0x7fff) < INFINITE) continue;
                throw wrong(states, first + c, "a finite number", Float.float16ToFloat(row[c]));
            }
            float scale = rows.tensors().get(scales).data().get(F32, 4L * position);
            if (!(scale > 0 && Float.isFinite(HalfRows.value((short) largest, scale)))) {
                throw wrong(scales, position, "a number above 0 that leaves its state finite", scale);
            }
        }
    }

    private BadFileException wrong(String tensor, long element, String expected, Number found) {
        Tensor its = rows.tensors().get(tensor);
        long columns = its.elements() / rows.positions();
        String place = "position " + element / columns + (columns == 1 ? "" : ", column " + element % columns);
        return new BadFileException(
                file, "tensor " + tensor + ": " + place, "expected " + expected + ", found " + found);
    }
}
