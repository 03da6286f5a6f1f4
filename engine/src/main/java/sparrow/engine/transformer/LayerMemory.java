package sparrow.engine.transformer;

import java.util.List;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.KvPanels;

/**
 * The rows that one layer stores for the positions of one sequence, in order. The index of a row is called its slot.
 */
sealed interface LayerMemory {
    /** Returns the number of occupied slots. */
    int length();

    /** Returns a copy of a key; see {@link KvMemory#key}. */
    float[] key(int slot);

    /** Returns a copy of a value; see {@link KvMemory#value}. */
    float[] value(int slot);

    /** Returns the number of bytes of allocated memory. */
    long bytes();

    /** Removes {@code slot} and all later slots. */
    void truncate(int slot);

    /** Moves the retained slots to the beginning. The caller then truncates the remaining slots. */
    void move(Kernels kernels, List<Span> kept);

    LayerMemory copy();

    /**
     * The keys and values of an attention layer.
     *
     * @param panels keys and values in the kernels' layout
     * @param rope rotary embedding of the keys
     */
    record KeysAndValues(KvPanels panels, Rope rope) implements LayerMemory {
        @Override
        public int length() {
            return panels.length();
        }

        @Override
        public float[] key(int slot) {
            return panels.key(slot);
        }

        @Override
        public float[] value(int slot) {
            return panels.value(slot);
        }

        @Override
        public long bytes() {
            return panels.bytes();
        }

        @Override
        public void truncate(int slot) {
            panels.truncate(slot);
        }

        @Override
        public void move(Kernels kernels, List<Span> kept) {
            int to = 0;
            for (Span span : kept) {
                // A slot that does not move is not rotated, so it remains bit-identical.
                if (to < span.first()) {
                    float[] back = rope.angles(to - span.first());
                    panels.move(span.first(), span.end(), to, key -> rope.rotate(kernels, key, 0, back));
                }
                to += span.length();
            }
        }

        @Override
        public KeysAndValues copy() {
            return new KeysAndValues(panels.copy(), rope);
        }
    }

    /** Convolution inputs. An input does not depend on its position, so it is moved unchanged. */
    record Inputs(ConvolutionInputs rows) implements LayerMemory {
        private static final float[] NO_KEY = {};

        @Override
        public int length() {
            return rows.length();
        }

        @Override
        public float[] key(int slot) {
            return NO_KEY;
        }

        @Override
        public float[] value(int slot) {
            return rows.row(slot);
        }

        @Override
        public long bytes() {
            return rows.bytes();
        }

        @Override
        public void truncate(int slot) {
            rows.truncate(slot);
        }

        @Override
        public void move(Kernels kernels, List<Span> kept) {
            int to = 0;
            for (Span span : kept) {
                for (int slot = span.first(); slot < span.end(); slot++) rows.move(slot, to++);
            }
        }

        @Override
        public Inputs copy() {
            return new Inputs(rows.copy());
        }
    }
}
