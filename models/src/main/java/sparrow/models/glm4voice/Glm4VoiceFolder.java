package sparrow.models.glm4voice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import sparrow.formats.weights.BadFileException;
import sparrow.models.family.ModelCard;
import sparrow.models.family.ModelFiles;
import sparrow.models.weights.HeadFiles;
import sparrow.models.weights.HeadFiles.Kind;

/**
 * Finds the parts of a GLM-4-Voice checkpoint. The published model is three repositories, usually downloaded side by
 * side into one folder; the short names are those of the bundled model.
 */
final class Glm4VoiceFolder {
    static final List<String> LANGUAGE_MODEL = List.of("glm-4-voice-9b", "lm");
    private static final List<String> TOKENIZER = List.of("glm-4-voice-tokenizer", "tokenizer", "speech_tokenizer");
    private static final List<String> DECODER = List.of("glm-4-voice-decoder", "decoder");

    private Glm4VoiceFolder() {}

    /**
     * Returns the parts in a folder; the folder of the language model itself stands for the one around it.
     *
     * @param heads file or folder of exit heads, or empty to look into {@code heads/}
     * @throws BadFileException if there is no language model, or no heads where some were named
     */
    static ModelFiles files(Path folder, Optional<Path> heads) {
        Path around = around(folder);
        Path languageModel = isLanguageModel(folder)
                ? folder
                : find(folder, LANGUAGE_MODEL)
                        .orElseThrow(() -> new BadFileException(
                                folder,
                                "language model",
                                "expected a folder " + names(LANGUAGE_MODEL) + " with config.json"));
        HeadFiles.refuseFrameHeads(heads, around);
        return new ModelFiles(
                languageModel,
                find(around, TOKENIZER),
                find(around, DECODER),
                HeadFiles.find(Kind.EXIT, heads, around),
                HeadFiles.find(Kind.DRAFT, heads, around));
    }

    /** Returns the folder that holds all parts. */
    static Path around(Path folder) {
        return isLanguageModel(folder) ? folder.toAbsolutePath().normalize().getParent() : folder;
    }

    /** Returns the card beside the parts; without one, the folder that was named gives the model its name. */
    static ModelCard card(Path folder) throws IOException {
        Path around = around(folder);
        return ModelCard.read(Files.isRegularFile(around.resolve(ModelCard.FILE)) ? around : folder);
    }

    private static boolean isLanguageModel(Path folder) {
        return Files.isRegularFile(folder.resolve("config.json"));
    }

    /** Returns the refusal when the speech tokenizer is needed and not there. */
    static BadFileException missingTokenizer(Path folder) {
        return missing(folder, "speech tokenizer", TOKENIZER);
    }

    /** Returns the refusal when the speech decoder is needed and not there. */
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
