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

/** The source of the voice of the replies; the project ships none. */
final class StepAudioVoice {
    private StepAudioVoice() {}

    /**
     * Returns the voice of a file: made of a recording, or made before.
     *
     * @param given a WAV file or a voice file; if empty, the {@code voice.safetensors} in {@code token2wav/}
     * @throws BadFileException if there is none, it is broken, or a WAV file was given and the networks that it takes, or
     *     the module that runs them, are missing
     * @throws IOException if a file cannot be read
     */
    static Voice open(Optional<Path> given, Path token2wav) throws IOException {
        Path file = given.orElse(token2wav.resolve(VoiceFile.NAME));
        if (!Files.isRegularFile(file)) {
            throw new BadFileException(file, "no such voice: expected a WAV file of a speaker, or a voice made of one");
        }
        if (!isWav(file)) return VoiceFile.read(file);
        VoiceMaker maker = VoiceMaker.find()
                .orElseThrow(() -> new BadFileException(
                        file,
                        "making a voice of speech takes the artifact sparrow-onnx, which is not on the class path; expected"
                                + " it there, or a " + VoiceFile.NAME + " that was made before"));
        return maker.make(WavFile.readChannels(file), token2wav);
    }

    private static boolean isWav(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".wav");
    }
}
