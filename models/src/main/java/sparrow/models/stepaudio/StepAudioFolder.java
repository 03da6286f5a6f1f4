package sparrow.models.stepaudio;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import sparrow.formats.BadFileException;
import sparrow.models.family.ModelFiles;
import sparrow.models.weights.HeadFiles;
import sparrow.models.weights.HeadFiles.Kind;
import sparrow.models.weights.WeightFiles;

/**
 * Finds the parts of a Step-Audio-2 checkpoint. In the published folder, the safetensors contain the language model and
 * the audio encoder; {@code token2wav/} is the speech decoder.
 */
public final class StepAudioFolder {
    /** File of the audio encoder in a converted folder. */
    public static final String AUDIO_ENCODER = "audio-encoder.safetensors";

    /** File of the quantised audio encoder in a converted folder. */
    static final String AUDIO_ENCODER_GGUF = "audio-encoder.gguf";

    /** Folder of the speech decoder. */
    public static final String TOKEN2WAV = "token2wav";

    /** File in {@link #TOKEN2WAV} that contains the flow's sizes. */
    public static final String FLOW = "flow.yaml";

    private StepAudioFolder() {}

    /**
     * Returns the parts in a folder that contains a {@code config.json}.
     *
     * @param heads a file or folder of exit heads; if empty, the folder's {@code heads/} is used if it exists
     * @throws BadFileException if the given heads do not exist
     */
    static ModelFiles files(Path folder, Optional<Path> heads) {
        Path token2wav = folder.resolve(TOKEN2WAV);
        HeadFiles.refuseFrameHeads(heads, folder);
        return new ModelFiles(
                folder,
                audioEncoder(folder),
                Optional.of(token2wav).filter(Files::isDirectory),
                HeadFiles.find(Kind.EXIT, heads, folder),
                HeadFiles.find(Kind.DRAFT, heads, folder));
    }

    /**
     * Returns the audio encoder's file, or the folder of the safetensors that contain it. Returns empty if the audio
     * encoder is missing.
     */
    private static Optional<Path> audioEncoder(Path folder) {
        Path gguf = folder.resolve(AUDIO_ENCODER_GGUF);
        if (Files.isRegularFile(gguf)) return Optional.of(gguf);
        Path safetensors = folder.resolve(AUDIO_ENCODER);
        if (Files.isRegularFile(safetensors)) return Optional.of(safetensors);
        return Files.isRegularFile(folder.resolve(WeightFiles.GGUF)) ? Optional.empty() : Optional.of(folder);
    }
}
