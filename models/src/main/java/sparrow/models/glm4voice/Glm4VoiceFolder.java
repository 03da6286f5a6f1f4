package sparrow.models.glm4voice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import sparrow.formats.BadFileException;
import sparrow.models.family.ModelCard;
import sparrow.models.family.ModelFiles;
import sparrow.models.weights.HeadFiles;
import sparrow.models.weights.HeadFiles.Kind;

/**
 * Finds the parts of a GLM-4-Voice checkpoint. The published model consists of three repositories, which are usually
 * downloaded into one folder. The bundled model uses the short names.
 */
final class Glm4VoiceFolder {
    static final List<String> LANGUAGE_MODEL = List.of("glm-4-voice-9b", "lm");
    private static final List<String> TOKENIZER = List.of("glm-4-voice-tokenizer", "tokenizer", "speech_tokenizer");
    private static final List<String> DECODER = List.of("glm-4-voice-decoder", "decoder");

    private Glm4VoiceFolder() {}

    /**
     * Returns the parts in a folder.
     *
     * @param folder the folder of all parts or of the language model
     * @param heads a file or folder of exit heads; if empty, the folder's {@code heads/} is used if it exists
     * @throws BadFileException if there is no language model, or the given heads do not exist
     */
    static ModelFiles files(Path folder, Optional<Path> heads) {
        Path root = root(folder);
        Path languageModel = isLanguageModel(folder)
                ? folder
                : find(folder, LANGUAGE_MODEL)
                        .orElseThrow(() -> new BadFileException(
                                folder,
                                "language model",
                                "expected a folder " + names(LANGUAGE_MODEL) + " with config.json"));
        HeadFiles.refuseFrameHeads(heads, root);
        return new ModelFiles(
                languageModel,
                find(root, TOKENIZER),
                find(root, DECODER),
                HeadFiles.find(Kind.EXIT, heads, root),
                HeadFiles.find(Kind.DRAFT, heads, root));
    }

    /** Returns the folder that contains all parts. */
    static Path root(Path folder) {
        return isLanguageModel(folder) ? folder.toAbsolutePath().normalize().getParent() : folder;
    }

    /** Returns the model's card. Without a card, the model is named after the given folder. */
    static ModelCard card(Path folder) throws IOException {
        Path root = root(folder);
        return ModelCard.read(Files.isRegularFile(root.resolve(ModelCard.FILE)) ? root : folder);
    }

    private static boolean isLanguageModel(Path folder) {
        return Files.isRegularFile(folder.resolve("config.json"));
    }

    /** Returns the exception for a missing speech tokenizer. */
    static BadFileException missingTokenizer(Path folder) {
        return missing(folder, "speech tokenizer", TOKENIZER);
    }

    /** Returns the exception for a missing speech decoder. */
    static BadFileException missingDecoder(Path folder) {
        return missing(folder, "speech decoder", DECODER);
    }

    private static BadFileException missing(Path folder, String part, List<String> names) {
        return new BadFileException(folder, part, "expected a folder " + names(names) + ", found none");
    }

    private static Optional<Path> find(Path folder, List<String> names) {
        return names.stream().map(folder::resolve).filter(Files::isDirectory).findFirst();
    }

    private static String names(List<String> names) {
        return String.join(" or ", names);
    }
}
