package sparrow.models.lfm2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import sparrow.formats.BadFileException;
import sparrow.formats.JsonFile;
import sparrow.formats.text.Tokenizer;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Gguf;
import sparrow.models.family.Layout;
import sparrow.models.family.ModelFiles;
import sparrow.models.weights.HeadFiles;
import sparrow.models.weights.HeadFiles.Kind;
import sparrow.models.weights.Resources;
import sparrow.models.weights.WeightFiles;

/**
 * Finds the parts of an LFM2.5-Audio checkpoint. The published safetensors contain the language model, the audio
 * encoder and the depth decoder; {@code audio_detokenizer/} is the speech decoder.
 */
public final class Lfm2Folder {
    /** Folder of the speech decoder. */
    public static final String DETOKENIZER = "audio_detokenizer";

    /** File of the audio encoder in a converted folder. */
    static final String AUDIO_ENCODER = "audio-encoder.safetensors";

    /** File of the quantised audio encoder in a converted folder. */
    static final String AUDIO_ENCODER_GGUF = "audio-encoder.gguf";

    /** File of the depth decoder and the code embedding in a converted folder. */
    static final String DEPTH_DECODER = "depth-decoder.gguf";

    private Lfm2Folder() {}

    /**
     * Opens the files in a folder. {@code resources} takes ownership of them.
     *
     * @throws BadFileException if a file is missing or damaged
     * @throws IOException if a file cannot be read
     */
    static Lfm2Parts open(Path folder, Optional<Path> heads, Resources resources) throws IOException {
        ModelFiles files = files(folder, heads);
        Lfm2Config config = Lfm2Config.read(folder);
        Tokenizer tokenizer = Tokenizer.openByteLevel(folder);
        Checkpoint backbone = resources.own(WeightFiles.folder(folder));
        Checkpoint frames =
                backbone instanceof Gguf ? resources.own(Gguf.open(folder.resolve(DEPTH_DECODER))) : backbone;
        Path encoder = audioEncoder(folder);
        Path detokenizer = folder.resolve(DETOKENIZER);
        return new Lfm2Parts(
                files,
                config,
                tokenizer,
                WeightFiles.format(backbone),
                backbone,
                frames,
                () -> Files.isDirectory(encoder) ? backbone : resources.own(WeightFiles.file(encoder)),
                () -> JsonFile.read(detokenizer.resolve(Layout.CONFIG)),
                () -> WeightFiles.folder(detokenizer));
    }

    /**
     * Returns the parts in a folder that contains a {@code config.json}.
     *
     * @param heads a file or folder of exit heads; if empty, the folder's {@code heads/} is used if it exists
     * @throws BadFileException if the given heads do not exist, or the speech decoder is Mimi
     */
    static ModelFiles files(Path folder, Optional<Path> heads) {
        Path detokenizer = folder.resolve(DETOKENIZER);
        if (!Files.isDirectory(detokenizer)) {
            throw new BadFileException(
                    folder,
                    "speech decoder",
                    "expected a folder " + DETOKENIZER + " (LFM2.5-Audio), found none; LFM2-Audio (v1) uses Mimi,"
                            + " which is not supported");
        }
        return new ModelFiles(
                folder,
                Optional.of(audioEncoder(folder)),
                Optional.of(detokenizer),
                HeadFiles.find(Kind.EXIT, heads, folder),
                HeadFiles.find(Kind.DRAFT, heads, folder),
                HeadFiles.find(Kind.FRAME, heads, folder));
    }

    /** Returns the audio encoder's file, or the folder of the safetensors that contain it. */
    private static Path audioEncoder(Path folder) {
        Path gguf = folder.resolve(AUDIO_ENCODER_GGUF);
        if (Files.isRegularFile(gguf)) return gguf;
        return Files.isRegularFile(folder.resolve(WeightFiles.GGUF)) ? folder.resolve(AUDIO_ENCODER) : folder;
    }
}
