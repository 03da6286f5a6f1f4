package sparrow.models.stepaudio;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import sparrow.formats.weights.BadFileException;
import sparrow.models.family.ModelFiles;
import sparrow.models.weights.HeadFiles;
import sparrow.models.weights.HeadFiles.Kind;
import sparrow.models.weights.WeightFiles;

/**
 * Finds the parts of a Step-Audio-2 checkpoint. The published model is one folder: language model and audio encoder share
 * the same safetensors files, and {@code token2wav/} speaks.
 */
final class StepAudioFolder {
    /** The audio encoder of a converted folder, whose language model is in GGUF. */
    static final String AUDIO_ENCODER = "audio-encoder.safetensors";

    /** The same in fewer bits. */
    static final String AUDIO_ENCODER_GGUF = "audio-encoder.gguf";

    /** Folder of the speech decoder. */
    static final String TOKEN2WAV = "token2wav";

    /** Sizes of the flow, inside {@link #TOKEN2WAV}. */
    static final String FLOW = "flow.yaml";

    private StepAudioFolder() {}

    /**
     * Returns the parts in a folder that has a {@code config.json}.
     *
     * @param heads file or folder of exit heads, or empty to look into {@code heads/}
     * @throws BadFileException if heads were named and are not there
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
     * Returns a file of its own, or the safetensors that it shares with the language model; none beside a GGUF alone.
     */
    private static Optional<Path> audioEncoder(Path folder) {
        Path gguf = folder.resolve(AUDIO_ENCODER_GGUF);
        if (Files.isRegularFile(gguf)) return Optional.of(gguf);
        Path own = folder.resolve(AUDIO_ENCODER);
        if (Files.isRegularFile(own)) return Optional.of(own);
        return Files.isRegularFile(folder.resolve(WeightFiles.GGUF)) ? Optional.empty() : Optional.of(folder);
    }
}
