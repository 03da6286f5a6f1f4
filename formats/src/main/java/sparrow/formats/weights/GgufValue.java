package sparrow.formats.weights;

import java.util.List;

/** A metadata value to be written into a GGUF file. */
public sealed interface GgufValue {
    /**
     * An unsigned number of 32 bits.
     *
     * @param value from 0 to 2^32-1
     */
    record Whole(long value) implements GgufValue {
        public Whole {
            if (value < 0 || value >>> 32 != 0) {
                throw new IllegalArgumentException("expected 0 to 2^32-1, got " + value);
            }
        }
    }

    /** A number of 32 bits. */
    record Number(float value) implements GgufValue {}

    /** true or false. */
    record Flag(boolean value) implements GgufValue {}

    /** A string. */
    record Text(String value) implements GgufValue {}

    /** An array of strings. */
    record Texts(List<String> values) implements GgufValue {
        public Texts {
            values = List.copyOf(values);
        }
    }

    /** An array of signed numbers of 32 bits. */
    record Integers(List<Integer> values) implements GgufValue {
        public Integers {
            values = List.copyOf(values);
        }
    }
}
