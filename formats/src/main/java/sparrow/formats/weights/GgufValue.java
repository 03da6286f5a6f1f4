package sparrow.formats.weights;

import java.util.List;

/** A metadata value to write to a GGUF file. */
public sealed interface GgufValue {
    /**
     * An unsigned 32-bit integer.
     *
     * @param value value from 0 to 2^32-1
     */
    record Whole(long value) implements GgufValue {
        public Whole {
            if (value < 0 || value >>> 32 != 0) {
                throw new IllegalArgumentException("expected 0 to 2^32-1, got " + value);
            }
        }
    }

    /** A 32-bit floating-point number. */
    record Number(float value) implements GgufValue {}

    /** A boolean. */
    record Flag(boolean value) implements GgufValue {}

    /** A string. */
    record Text(String value) implements GgufValue {}

    /** An array of strings. */
    record Texts(List<String> values) implements GgufValue {
        public Texts {
            values = List.copyOf(values);
        }
    }

    /** An array of booleans. */
    record Flags(List<Boolean> values) implements GgufValue {
        public Flags {
            values = List.copyOf(values);
        }
    }

    /** An array of signed 32-bit integers. */
    record Integers(List<Integer> values) implements GgufValue {
        public Integers {
            values = List.copyOf(values);
        }
    }
}
