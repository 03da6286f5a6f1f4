package sparrow.models.lfm2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import sparrow.formats.text.Tokenizer;
import sparrow.formats.weights.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Gguf;
import sparrow.models.config.JsonConfig;
import sparrow.models.family.Layout;
import sparrow.models.family.ModelFiles;
import sparrow.models.weights.HeadFiles;
import sparrow.models.weights.HeadFiles.Kind;
import sparrow.models.weights.Resources;
import sparrow.models.weights.WeightFiles;

/**
 * Finds the parts of an LFM2.5-Audio checkpoint: language model, audio encoder and depth decoder share the published safetensors, and
 * {@code audio_detokenizer/} speaks.
 */
final class Lfm2Folder {
    /** Folder of the speech decoder. */
    static final String DETOKENIZER = "audio_detokenizer";

    /** The audio encoder of a converted folder, whose language model is in GGUF. */
    static final String AUDIO_ENCODER = "audio-encoder.safetensors";

    /** The same in fewer bits. */
    static final String AUDIO_ENCODER_GGUF = "audio-encoder.gguf";

    /** The depth decoder of a converted folder, and the embedding of frames. */
    static final String DEPTH_DECODER = "depth-decoder.gguf";

    private Lfm2Folder() {}

    /**
     * Opens the files of a folder; {@code resources} close them.
     *
     * @throws BadFileException if one is missing or broken
     * @throws IOException if one cannot be read
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
                () -> JsonConfig.read(detokenizer.resolve(Layout.CONFIG)),
                () -> WeightFiles.folder(detokenizer));
    }

    /**
     * Returns the parts in a folder that has a {@code config.json}.
     *
     * @param heads file or folder of exit heads, or empty to look into {@code heads/}
     * @throws BadFileException if heads were named and are not there, or the folder's speech decoder is Mimi
     */
    static ModelFiles files(Path folder, Optional<Path> heads) {
        Path detokenizer = folder.resolve(DETOKENIZER);
        if (!Files.isDirectory(detokenizer)) {
            throw new BadFileException(
                    folder,
                    "speech decoder",
                    "expected a folder " + DETOKENIZER + " (LFM2.5-Audio), found none; LFM2-Audio (v1) speaks through"
                            + " Mimi, which is not supported");
        }
        return new ModelFiles(
                folder,
                Optional.of(audioEncoder(folder)),
                Optional.of(detokenizer),
                HeadFiles.find(Kind.EXIT, heads, folder),
                HeadFiles.find(Kind.DRAFT, heads, folder),
                HeadFiles.find(Kind.FRAME, heads, folder));
    }

    /** Returns a file of its own, or the safetensors that it shares with the language model. */
    private static Path audioEncoder(Path folder) {
        Path gguf = folder.resolve(AUDIO_ENCODER_GGUF);
        if (Files.isRegularFile(gguf)) return gguf;
        return Files.isRegularFile(folder.resolve(WeightFiles.GGUF)) ? folder.resolve(AUDIO_ENCODER) : folder;
    }
}
