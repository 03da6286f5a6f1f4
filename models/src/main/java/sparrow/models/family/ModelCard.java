package sparrow.models.family;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import sparrow.engine.exit.ExitHeads;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.models.config.JsonConfig;

/**
 * What a checkpoint folder says to us about itself in {@code sparrow.json}, if it has one; published folders have none.
 *
 * @param name what the model calls itself; else the folder's name
 * @param speechExit exit policy that it recommends for speech positions; else none
 * @param training what the model was trained for; else everything
 */
public record ModelCard(String name, ExitPolicy speechExit, Training training) {
    /** The file. */
    public static final String FILE = "sparrow.json";

    /**
     * What a model was trained for beside a first, spoken question.
     *
     * @param typedQuestions questions as text
     * @param laterTurns questions after others in one conversation
     */
    public record Training(boolean typedQuestions, boolean laterTurns) {}

    /**
     * Reads keys {@code name}, {@code speech_exit}, and {@code typed_questions} and {@code later_turns}, false for a model
     * that was not trained on them.
     *
     * @throws sparrow.engine.weights.BadFileException if a key is wrong
     * @throws IOException if the file cannot be read
     */
    public static ModelCard read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        String folderName = folder.toAbsolutePath().normalize().getFileName().toString();
        if (!Files.isRegularFile(file)) {
            return new ModelCard(folderName, new ExitPolicy.None(), new Training(true, true));
        }
        JsonConfig json = JsonConfig.read(file);
        return new ModelCard(
                json.text("name").orElse(folderName),
                json.has("speech_exit") ? json.exitPolicy("speech_exit") : new ExitPolicy.None(),
                new Training(allowed(json, "typed_questions"), allowed(json, "later_turns")));
    }

    private static boolean allowed(JsonConfig json, String key) {
        return !json.has(key) || json.flag(key);
    }

    /** The recommended plan; full depth if these heads cannot follow it. */
    public ExitPlan plan(ExitHeads heads) {
        boolean possible = heads.layers().containsAll(speechExit.exitLayers());
        return possible ? ExitPlan.speech(speechExit) : ExitPlan.NONE;
    }
}
