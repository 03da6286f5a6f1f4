package sparrow.train.harvest;

import java.nio.file.Path;
import sparrow.formats.BadFileException;

/** Rejects numbers that a harvest does not write. Such numbers would make training fail or have no effect. */
record RowCheck(Path file, StoreMetadata store, HarvestRows rows) {
    /** An f16 number is finite if its bits without the sign are below this value. */
    private static final int INFINITE = 0x7c00;

    /**
     * Checks every number.
     *
     * @throws BadFileException if a number is invalid; the message contains the tensor and the position, counted from 0
     *     in the file
     */
    void run() {
        integers(StoreMetadata.MODALITY, 1, "0 (text) or 1 (speech)");
        String id = "an id from 0 to " + (store.vocabulary() - 1);
        integers(StoreMetadata.TOKENS, store.vocabulary() - 1, id);
        integers(StoreMetadata.CHOICES, store.vocabulary() - 1, id);
        if (store.codebooks() > 0) {
            integers(StoreMetadata.CODES, store.codes() - 1, "a code from 0 to " + (store.codes() - 1));
        }
        for (int layer : store.storedLayers()) {
            for (int position = 0; position < rows.positions(); position++) state(layer, position);
        }
        if (store.targets().areExact()) return;
        integers(StoreMetadata.TOP_IDS, store.vocabulary() - 1, id);
        numbers(StoreMetadata.TOP_LOGS, Float.NEGATIVE_INFINITY, 0, "the logarithm of a probability, 0 or less");
        numbers(StoreMetadata.OTHERS, 0, 1, "a probability from 0 to 1");
    }

    private void integers(String tensor, int largest, String expected) {
        int columns = rows.columns(tensor);
        for (long i = 0; i < (long) rows.positions() * columns; i++) {
            int value = rows.integer(tensor, i);
            if (isAbsent(tensor, i / columns)) {
                if (value != HarvestRows.NONE) throw wrong(tensor, i, Integer.toString(HarvestRows.NONE), value);
            } else if (value < 0 || value > largest) {
                throw wrong(tensor, i, expected, value);
            }
        }
    }

    /** Returns whether a tensor has no value for a position: a frame has no token, and text has no codes. */
    private boolean isAbsent(String tensor, long position) {
        if (store.codebooks() == 0 || tensor.equals(StoreMetadata.MODALITY)) return false;
        boolean frame = rows.integer(StoreMetadata.MODALITY, position) == 1;
        return frame != tensor.equals(StoreMetadata.CODES);
    }

    private void numbers(String tensor, float smallest, float largest, String expected) {
        for (long i = 0; i < (long) rows.positions() * rows.columns(tensor); i++) {
            float value = rows.number(tensor, i);
            // The condition is negated so that it also rejects NaN.
            if (!(value >= smallest && value <= largest)) throw wrong(tensor, i, expected, value);
        }
    }

    private void state(int layer, int position) {
        String states = StoreMetadata.states(layer);
        short[] halves = new short[store.width()];
        rows.halves(layer, position, halves);
        int largest = 0;
        for (int c = 0; c < halves.length; c++) {
            int size = halves[c] & 0x7fff;
            if (size >= INFINITE) {
                long element = (long) position * halves.length + c;
                throw wrong(states, element, "a finite number", Float.float16ToFloat(halves[c]));
            }
            largest = Math.max(largest, size);
        }
        float scale = rows.number(StoreMetadata.scales(layer), position);
        if (!(scale > 0 && Float.isFinite(Float.float16ToFloat((short) largest) * scale))) {
            throw wrong(StoreMetadata.scales(layer), position, "a number above 0 that leaves its state finite", scale);
        }
    }

    private BadFileException wrong(String tensor, long element, String expected, Number found) {
        int columns = rows.columns(tensor);
        String place = "position " + element / columns + (columns == 1 ? "" : ", column " + element % columns);
        return new BadFileException(
                file, "tensor " + tensor + ": " + place, "expected " + expected + ", found " + found);
    }
}
