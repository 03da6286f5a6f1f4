package sparrow.server.chat;

import sparrow.server.audio.ChatFormat;
import sparrow.server.audio.StrictBase64;
import sparrow.server.reply.RefusedException;
import sparrow.speech.wave.Waveform;

/** Reads a recording of a request. */
final class InputAudio {
    /** Longest recording of one message. */
    static final int MOST_SECONDS = 600;

    private static final int MOST_BYTES = 25 << 20;

    private InputAudio() {}

    /** @throws RefusedException if it is no recording of a format that is known, or too long */
    static Waveform read(Fields audio) {
        ChatFormat format = Formats.named(audio.requiredString("format"), audio.place("format"));
        String data = audio.requiredString("data");
        try {
            return format.decode(StrictBase64.decode(data, MOST_BYTES), MOST_SECONDS);
        } catch (IllegalArgumentException e) {
            throw RefusedException.value(audio.place("data"), audio.place("data") + ": " + e.getMessage());
        }
    }
}
