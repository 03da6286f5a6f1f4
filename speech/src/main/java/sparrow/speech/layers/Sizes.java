package sparrow.speech.layers;

/** Checks configuration numbers. Error messages contain the configuration key. */
public final class Sizes {
    /** An upper bound that no real network reaches. Larger values indicate damaged files. */
    private static final int MAX_SIZE = 1 << 24;

    private Sizes() {}

    public static void positive(String key, int value) {
        if (value < 1 || value > MAX_SIZE) {
            throw new IllegalArgumentException(key + ": expected 1 to " + MAX_SIZE + ", got " + value);
        }
    }

    /** Checks that a value divides another value. */
    public static void divisor(String key, int value, String wholeKey, int whole) {
        if (whole % value != 0) {
            throw new IllegalArgumentException(
                    key + ": expected a divisor of " + wholeKey + " " + whole + ", got " + value);
        }
    }

    /** Checks the width of layers that have attention heads and use pairs of sines and cosines as positions. */
    public static void headed(String key, int width, int heads) {
        if (width % heads != 0 || width % 2 != 0) {
            throw new IllegalArgumentException(
                    key + ": expected an even multiple of " + heads + " (attention_heads), got " + width);
        }
    }

    public static void finite(String key, float value) {
        if (!(value >= 0) || Float.isInfinite(value)) {
            throw new IllegalArgumentException(key + ": expected a number of 0 or more, got " + value);
        }
    }
}
