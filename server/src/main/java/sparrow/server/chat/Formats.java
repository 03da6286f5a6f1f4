package sparrow.server.chat;

import java.util.Arrays;
import java.util.stream.Collectors;
import sparrow.server.audio.ChatFormat;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;

/** Finds audio formats by their names in a request. */
final class Formats {
    private Formats() {}

    /**
     * Returns the format with the given name.
     *
     * @throws RefusedException if there is no such format
     */
    static ChatFormat named(String name, String param) {
        return Arrays.stream(ChatFormat.values())
                .filter(format -> format.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> unsupported(param, "'" + Json.brief(name) + "'", all(false)));
    }

    /**
     * Checks that a format can be streamed.
     *
     * @throws RefusedException if the format cannot be streamed
     */
    static void requireStreams(ChatFormat format, String param) {
        if (!format.streams()) throw unsupported(param, "'" + format.wireName() + "' with stream=true", all(true));
    }

    private static RefusedException unsupported(String param, String what, String supported) {
        return new RefusedException(
                "unsupported_value",
                param,
                param + ": format " + what + " is not supported; supported are " + supported);
    }

    private static String all(boolean streaming) {
        return Arrays.stream(ChatFormat.values())
                .filter(format -> format.streams() || !streaming)
                .map(format -> "'" + format.wireName() + "'")
                .collect(Collectors.joining(", "));
    }
}
