package sparrow.models.glm4voice;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import sparrow.engine.weights.BadFileException;
import sparrow.models.SpokenModel.Parts;

/**
 * Finds the parts of a GLM-4-Voice checkpoint. The published model is three repositories, usually downloaded side by
 * side into one folder; the short names are those of the bundled model.
 */
final class Glm4VoiceFolder {
    private static final List<String> LANGUAGE_MODEL = List.of("glm-4-voice-9b", "lm");
    private static final List<String> TOKENIZER = List.of("glm-4-voice-tokenizer", "tokenizer", "speech_tokenizer");
    private static final List<String> DECODER = List.of("glm-4-voice-decoder", "decoder");

    private Glm4VoiceFolder() {}

    /**
     * The parts in a folder; the folder of the language model itself stands for the one around it.
     *
     * @param heads file or folder of exit heads, or empty to look into {@code heads/}
     * @throws BadFileException if there is no language model, or no heads where some were named
     */
    static Parts parts(Path folder, Optional<Path> heads) {
        if (!Files.isDirectory(folder)) throw new BadFileException(folder, "no such model folder");
        boolean inside = Files.isRegularFile(folder.resolve("config.json"));
        Path around = inside ? folder.toAbsolutePath().normalize().getParent() : folder;
        Path languageModel = inside
                ? folder
                : find(folder, LANGUAGE_MODEL)
                        .orElseThrow(() -> new BadFileException(
                                folder,
                                "language model",
                                "expected a folder " + names(LANGUAGE_MODEL) + " with config.json"));
        return new Parts(
                languageModel,
                find(around, TOKENIZER),
                find(around, DECODER),
                heads.map(Glm4VoiceFolder::headFile).or(() -> ownHeads(around)));
    }

    /** The refusal when a part is needed and not there. */
    static BadFileException missing(Path folder, String what, boolean tokenizer) {
        return new BadFileException(
                folder, what, "expected a folder " + names(tokenizer ? TOKENIZER : DECODER) + ", found none");
    }

    private static Path headFile(Path heads) {
        Path file = Files.isDirectory(heads) ? heads.resolve("heads.safetensors") : heads;
        if (!Files.isRegularFile(file)) throw new BadFileException(file, "no such file of exit heads");
        return file;
    }

    private static Optional<Path> ownHeads(Path folder) {
        return Optional.of(folder.resolve("heads/heads.safetensors")).filter(Files::isRegularFile);
    }

    private static Optional<Path> find(Path folder, List<String> names) {
        return names.stream().map(folder::resolve).filter(Files::isDirectory).findFirst();
    }

    private static String names(List<String> names) {
        return String.join(" or ", names);
    }
}
