package sparrow.server.message;

import java.util.Map;

/**
 * Checks for the components of request records. A component that was not sent is null. Messages contain the component's
 * name; {@link Json} adds the record's place as a prefix.
 */
public final class Check {
    private static final int MAX_METADATA = 16;
    private static final int MAX_KEY_CHARACTERS = 64;
    private static final int MAX_VALUE_CHARACTERS = 512;

    private Check() {}

    /**
     * Returns a required component.
     *
     * @throws RefusedException if the component is missing
     */
    public static <T> T required(String name, T value) {
        if (value == null) throw RefusedException.missing(name);
        return value;
    }

    /**
     * Checks that a component was not sent.
     *
     * @throws RefusedException if the component is present although other components exclude it
     */
    public static void absent(String name, Object value) {
        if (value != null) throw new RefusedException("unknown_parameter", name, name + ": unknown parameter");
    }

    /**
     * Checks the length of a name.
     *
     * @throws RefusedException if the name is empty or too long
     */
    public static void name(String name, String value, int longest) {
        if (value == null || (!value.isEmpty() && value.length() <= longest)) return;
        throw RefusedException.value(name, name + ": expected 1 to " + longest + " characters, got " + value.length());
    }

    /**
     * Checks the length of text.
     *
     * @throws RefusedException if the text is too long
     */
    public static void length(String name, String value, int longest) {
        if (value == null || value.length() <= longest) return;
        throw RefusedException.value(
                name, name + ": expected at most " + longest + " characters, got " + value.length());
    }

    /**
     * Checks an integer.
     *
     * @param max the maximum, or {@link Integer#MAX_VALUE} if there is no upper bound
     * @throws RefusedException if the number is not an integer or is out of bounds
     */
    public static void whole(String name, Number value, long min, long max) {
        // 24000.0 is an integer in JavaScript, and clients may send such a number.
        if (value != null && value.doubleValue() != Math.rint(value.doubleValue())) {
            throw RefusedException.mismatch(name, "a whole number", value);
        }
        String bounds = min == max ? Long.toString(min) : min + " to " + max;
        between(name, value, min, max, max == Integer.MAX_VALUE ? min + " or more" : bounds);
    }

    /**
     * Checks a number.
     *
     * @throws RefusedException if the number is out of bounds
     */
    public static void number(String name, Number value, double min, double max) {
        between(name, value, min, max, min + " to " + max);
    }

    private static void between(String name, Number value, double min, double max, String bounds) {
        if (value == null || (value.doubleValue() >= min && value.doubleValue() <= max)) return;
        throw RefusedException.value(name, name + ": expected " + bounds + ", got " + value);
    }

    /**
     * Checks the size of metadata.
     *
     * @throws RefusedException if there are too many pairs or a pair is too long
     */
    public static void metadata(Map<String, String> pairs) {
        if (pairs == null) return;
        boolean fits = pairs.size() <= MAX_METADATA
                && pairs.entrySet().stream()
                        .allMatch(pair -> pair.getKey().length() <= MAX_KEY_CHARACTERS
                                && pair.getValue().length() <= MAX_VALUE_CHARACTERS);
        if (fits) return;
        throw RefusedException.value(
                "metadata",
                "metadata: expected at most " + MAX_METADATA + " pairs of " + MAX_KEY_CHARACTERS + " and "
                        + MAX_VALUE_CHARACTERS + " characters");
    }
}
