package sparrow.server.chat;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import sparrow.server.reply.RefusedException;

/** How sound is written down. */
enum AudioFormat {
    /** A WAV file of 16 bits at the model's own rate. */
    WAV(false),
    /** 16-bit little-endian samples at 24 kHz, and nothing else. */
    PCM16(true),
    /** Opus in Ogg. */
    OPUS(true);

    private final boolean streams;

    AudioFormat(boolean streams) {
        this.streams = streams;
    }

    /**
     * The format of a name.
     *
     * @throws RefusedException if it is none of ours
     */
    static AudioFormat of(String name, String param) {
        return Arrays.stream(values())
                .filter(format -> format.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> unsupported(param, "format '" + Fields.shown(name) + "'", all(false)));
    }

    /** @throws RefusedException if it cannot be sent while it is being made */
    void requireStreams(String param) {
        if (!streams) throw unsupported(param, "format '" + wireName() + "' with stream=true", all(true));
    }

    private static RefusedException unsupported(String param, String what, String supported) {
        return new RefusedException(
                "unsupported_value", param, param + ": " + what + " is not supported; supported are " + supported);
    }

    private static String all(boolean streaming) {
        return Arrays.stream(values())
                .filter(format -> format.streams || !streaming)
                .map(format -> "'" + format.wireName() + "'")
                .collect(Collectors.joining(", "));
    }

    /** What it is called in requests. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
