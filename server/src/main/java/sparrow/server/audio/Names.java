package sparrow.server.audio;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Formats by their names. */
final class Names {
    /** Characters of an unknown name in a message. */
    private static final int LONGEST = 40;

    private Names() {}

    static <F extends AudioFormat> F find(F[] formats, String wireName) {
        for (F format : formats) {
            if (format.wireName().equals(wireName)) return format;
        }
        String known = Stream.of(formats).map(AudioFormat::wireName).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("audio format: expected one of " + known + ", found " + oneLine(wireName));
    }

    private static String oneLine(String name) {
        String head = name.length() <= LONGEST ? name : name.substring(0, LONGEST) + "…";
        return head.replaceAll("\\p{Cntrl}", "?");
    }
}
