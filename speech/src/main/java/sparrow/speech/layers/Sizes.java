package sparrow.speech.layers;

/** Checks numbers of a configuration. Messages contain the key of the configuration. */
public final class Sizes {
    /** An upper bound that no network reaches; larger sizes come from damaged files. */
    private static final int LARGEST = 1 << 24;

    private Sizes() {}

    public static void positive(String key, int value) {
        if (value < 1 || value > LARGEST) {
            throw new IllegalArgumentException(key + ": expected 1 to " + LARGEST + ", got " + value);
        }
    }

    /** Checks that a value divides another one. */
    public static void divisor(String key, int value, String wholeKey, int whole) {
        if (whole % value != 0) {
            throw new IllegalArgumentException(
                    key + ": expected a divisor of " + wholeKey + " " + whole + ", got " + value);
        }
    }

    /**
     * Checks the width of layers with a number of attention heads, and with positions that are pairs of sines and
     * cosines.
     */
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
