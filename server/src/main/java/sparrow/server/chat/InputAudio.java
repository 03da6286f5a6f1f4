package sparrow.server.chat;

import java.nio.file.Path;
import java.util.Base64;
import sparrow.server.reply.RefusedException;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** Reads a recording of a request. */
final class InputAudio {
    /** Longest recording of one message. */
    static final int MOST_SECONDS = 600;

    private InputAudio() {}

    /** @throws RefusedException if it is no recording of a format that is known, or too long */
    static Waveform read(Fields audio) {
        String format = audio.requiredString("format");
        byte[] bytes = bytes(audio);
        Waveform sound = switch (format) {
            case "wav" -> wav(bytes, audio);
            default ->
                throw new RefusedException(
                        "unsupported_value",
                        audio.place("format"),
                        audio.place("format") + ": format '" + Fields.shown(format)
                                + "' is not supported; supported are 'wav', 'pcm16', 'opus'");
        };
        if (sound.seconds() > MOST_SECONDS) {
            throw RefusedException.value(
                    audio.place("data"),
                    String.format(
                            java.util.Locale.ROOT,
                            "%s: expected at most %d seconds, got %.0f",
                            audio.place("data"),
                            MOST_SECONDS,
                            sound.seconds()));
        }
        return sound;
    }

    private static byte[] bytes(Fields audio) {
        try {
            return Base64.getDecoder().decode(audio.requiredString("data"));
        } catch (IllegalArgumentException e) {
            throw RefusedException.value(
                    audio.place("data"), audio.place("data") + ": expected base64, but " + e.getMessage());
        }
    }

    private static Waveform wav(byte[] bytes, Fields audio) {
        try {
            return WavFile.read(bytes, Path.of(audio.place("data")));
        } catch (IllegalArgumentException e) {
            throw RefusedException.value(audio.place("data"), e.getMessage());
        }
    }
}
