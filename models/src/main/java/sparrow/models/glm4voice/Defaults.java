package sparrow.models.glm4voice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import sparrow.engine.decode.Sampling;
import sparrow.engine.exit.ExitPolicy;
import sparrow.models.config.JsonConfig;

/**
 * What a checkpoint recommends.
 *
 * @param name what the model calls itself
 * @param spokenInstruction system turn for spoken questions
 * @param typedInstruction system turn for typed questions
 * @param sampling of replies
 * @param speechExit exit policy of speech positions
 * @param training what the model was trained for
 */
record Defaults(
        String name,
        String spokenInstruction,
        String typedInstruction,
        Sampling sampling,
        ExitPolicy speechExit,
        Training training) {
    /**
     * What a model was trained for beside a first, spoken question.
     *
     * @param typedQuestions questions as text
     * @param laterTurns questions after others in one conversation
     */
    record Training(boolean typedQuestions, boolean laterTurns) {}

    /** The transformers library's top-k where a generation config samples and names none. */
    private static final double LIBRARY_TOP_K = 50;

    /**
     * Reads {@code generation_config.json} and {@code tokenizer_config.json} of the language model and, where the
     * checkpoint folder has one, {@code sparrow.json} (keys {@code name}, {@code speech_exit}, and
     * {@code typed_questions} and {@code later_turns}, false for a model that was not trained on them).
     */
    static Defaults read(Path languageModel, Path folder) throws IOException {
        JsonConfig tokenizer = JsonConfig.read(languageModel.resolve("tokenizer_config.json"));
        Path own = folder.resolve("sparrow.json");
        String name = folder.toAbsolutePath().normalize().getFileName().toString();
        ExitPolicy speechExit = new ExitPolicy.None();
        Training training = new Training(true, true);
        if (Files.isRegularFile(own)) {
            JsonConfig json = JsonConfig.read(own);
            name = json.text("name").orElse(name);
            speechExit =
                    json.text("speech_exit").map(text -> policy(json, text)).orElse(speechExit);
            training = new Training(
                    !json.has("typed_questions") || json.flag("typed_questions"),
                    !json.has("later_turns") || json.flag("later_turns"));
        }
        // A model that was trained on another instruction than the published one says so in its tokenizer's file.
        return new Defaults(
                name,
                tokenizer.text("demo_system_prompt").orElse(Glm4VoicePrompt.SPOKEN),
                tokenizer.text("demo_system_prompt").orElse(Glm4VoicePrompt.TYPED),
                sampling(languageModel.resolve("generation_config.json")),
                speechExit,
                training);
    }

    private static ExitPolicy policy(JsonConfig json, String text) {
        try {
            return ExitPolicy.parse(text);
        } catch (IllegalArgumentException e) {
            throw json.wrong("speech_exit", "an exit policy (" + e.getMessage() + ")");
        }
    }

    private static Sampling sampling(Path file) throws IOException {
        if (!Files.isRegularFile(file)) return Sampling.GREEDY;
        JsonConfig json = JsonConfig.read(file);
        if (!json.has("do_sample") || !json.flag("do_sample")) return Sampling.GREEDY;
        return new Sampling(
                json.number("temperature", 1),
                (int) json.number("top_k", LIBRARY_TOP_K),
                json.number("top_p", 1),
                json.number("repetition_penalty", 1),
                0);
    }
}
