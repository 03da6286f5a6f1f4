package sparrow.app;

import java.util.Arrays;

/** A list of ids as a person or another program writes it. */
final class IdList {
    private IdList() {}

    /**
     * Reads ids separated by blanks, commas or line ends, with or without brackets around them.
     *
     * @param what the meaning of an id, for messages
     * @throws IllegalArgumentException if there is none, or something is not a number of 0 or more
     */
    static int[] parse(String what, String text) {
        String[] parts = text.replaceAll("[\\[\\],]", " ").strip().split("\\s+");
        if (parts.length == 1 && parts[0].isEmpty()) {
            throw new IllegalArgumentException(what + " list: expected one or more numbers, got none");
        }
        return Arrays.stream(parts).mapToInt(part -> number(what, part)).toArray();
    }

    private static int number(String what, String part) {
        try {
            return Integer.parseUnsignedInt(part) < 0 ? refuse(what, part) : Integer.parseInt(part);
        } catch (NumberFormatException e) {
            return refuse(what, part);
        }
    }

    private static int refuse(String what, String part) {
        throw new IllegalArgumentException(what + ": expected a number of 0 or more, got \"" + part + "\"");
    }
}
