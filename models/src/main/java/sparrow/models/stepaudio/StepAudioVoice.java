package sparrow.models.stepaudio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import sparrow.formats.weights.BadFileException;
import sparrow.speech.voice.Voice;
import sparrow.speech.voice.VoiceFile;
import sparrow.speech.voice.VoiceMaker;
import sparrow.speech.wave.WavFile;

/** Opens or makes the voice of the replies. The project does not contain one. */
final class StepAudioVoice {
    private StepAudioVoice() {}

    /**
     * Opens a voice file, or makes a voice from a recording.
     *
     * @param given a WAV file or a voice file; if empty, the {@code voice.safetensors} in {@code token2wav/}
     * @throws BadFileException if the file is missing or broken, or the networks or the module needed for a WAV file
     *     are missing
     * @throws IOException if a file cannot be read
     */
    static Voice open(Optional<Path> given, Path token2wav) throws IOException {
        Path file = given.orElse(token2wav.resolve(VoiceFile.NAME));
        if (!Files.isRegularFile(file)) {
            throw new BadFileException(file, "no such voice: expected a WAV file of a speaker, or a voice file");
        }
        if (!isWav(file)) return VoiceFile.read(file);
        VoiceMaker maker = VoiceMaker.find()
                .orElseThrow(() -> new BadFileException(
                        file,
                        "making a voice from a recording needs the artifact sparrow-onnx, which is not on the class path;"
                                + " expected it, or a " + VoiceFile.NAME));
        return maker.make(WavFile.readChannels(file), token2wav);
    }

    private static boolean isWav(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".wav");
    }
}
