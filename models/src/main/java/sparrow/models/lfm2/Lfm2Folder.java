package sparrow.models.lfm2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import sparrow.engine.text.Tokenizer;
import sparrow.engine.weights.BadFileException;
import sparrow.engine.weights.Checkpoint;
import sparrow.engine.weights.Gguf;
import sparrow.models.config.JsonConfig;
import sparrow.models.family.Layout;
import sparrow.models.family.ModelFiles;
import sparrow.models.weights.HeadFiles;
import sparrow.models.weights.Resources;
import sparrow.models.weights.WeightFiles;

/**
 * Finds the parts of an LFM2.5-Audio checkpoint: language model, ear and depth decoder share the published safetensors, and
 * {@code audio_detokenizer/} speaks.
 */
final class Lfm2Folder implements Lfm2Parts {
    /** Folder of the speech decoder. */
    static final String DETOKENIZER = "audio_detokenizer";

    /** The ear of a converted folder, whose language model is in GGUF. */
    static final String AUDIO_ENCODER = "audio-encoder.safetensors";

    /** The same in fewer bits. */
    static final String AUDIO_ENCODER_GGUF = "audio-encoder.gguf";

    /** The depth decoder of a converted folder, and the embedding of frames. */
    static final String DEPTH_DECODER = "depth-decoder.gguf";

    private final ModelFiles files;
    private final Lfm2Config config;
    private final Tokenizer tokenizer;
    private final Checkpoint backbone;
    private final Checkpoint frames;
    private final Resources resources;

    private Lfm2Folder(
            ModelFiles files, Lfm2Config config, Tokenizer tokenizer, Checkpoint backbone, Resources resources)
            throws IOException {
        this.files = files;
        this.config = config;
        this.tokenizer = tokenizer;
        this.backbone = backbone;
        this.frames = backbone instanceof Gguf
                ? resources.own(Gguf.open(files.languageModel().resolve(DEPTH_DECODER)))
                : backbone;
        this.resources = resources;
    }

    /**
     * Opens the files of a folder; {@code resources} close them.
     *
     * @throws BadFileException if one is missing or broken
     * @throws IOException if one cannot be read
     */
    static Lfm2Folder open(Path folder, Optional<Path> heads, Resources resources) throws IOException {
        return new Lfm2Folder(
                files(folder, heads),
                Lfm2Config.read(folder),
                Tokenizer.openByteLevel(folder),
                resources.own(WeightFiles.folder(folder)),
                resources);
    }

    /**
     * The parts in a folder that has a {@code config.json}.
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
                HeadFiles.find(heads, folder),
                HeadFiles.findDraft(heads, folder),
                HeadFiles.findFrameHeads(heads, folder));
    }

    /** A file of its own, or the safetensors that it shares with the language model. */
    private static Path audioEncoder(Path folder) {
        Path gguf = folder.resolve(AUDIO_ENCODER_GGUF);
        if (Files.isRegularFile(gguf)) return gguf;
        return Files.isRegularFile(folder.resolve(WeightFiles.GGUF)) ? folder.resolve(AUDIO_ENCODER) : folder;
    }

    @Override
    public ModelFiles files() {
        return files;
    }

    @Override
    public Lfm2Config config() {
        return config;
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public String weightFormat() {
        return WeightFiles.format(backbone);
    }

    @Override
    public Checkpoint backbone() {
        return backbone;
    }

    @Override
    public Checkpoint frames() {
        return frames;
    }

    /** The safetensors of the language model, or the file beside it where that is in GGUF. */
    @Override
    public Checkpoint hearing() throws IOException {
        Path part = files.speechEncoder().orElseThrow();
        return Files.isDirectory(part) ? backbone : resources.own(WeightFiles.file(part));
    }

    @Override
    public JsonConfig detokenizerConfig() throws IOException {
        return JsonConfig.read(files.speechDecoder().orElseThrow().resolve(Layout.CONFIG));
    }

    @Override
    public Checkpoint detokenizer() throws IOException {
        return WeightFiles.folder(files.speechDecoder().orElseThrow());
    }
}
