package sparrow.models.glm4voice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoublePredicate;
import sparrow.engine.head.Sampling;
import sparrow.models.config.JsonConfig;
import sparrow.models.family.ModelCard;

/**
 * The recommendations of a checkpoint.
 *
 * @param card the model's card
 * @param spokenInstruction system turn for spoken questions
 * @param typedInstruction system turn for typed questions
 * @param sampling sampling of replies
 */
record Defaults(ModelCard card, String spokenInstruction, String typedInstruction, Sampling sampling) {
    /** Default top-k of the transformers library. */
    private static final double LIBRARY_TOP_K = 50;

    /** Reads {@code generation_config.json} and {@code tokenizer_config.json} of the language model. */
    static Defaults read(Path languageModel, ModelCard card) throws IOException {
        JsonConfig tokenizer = JsonConfig.read(languageModel.resolve("tokenizer_config.json"));
        // The tokenizer's file of a model that was trained with another instruction contains it.
        return new Defaults(
                card,
                tokenizer.text("demo_system_prompt").orElse(Glm4VoicePrompts.SPOKEN),
                tokenizer.text("demo_system_prompt").orElse(Glm4VoicePrompts.TYPED),
                sampling(languageModel.resolve("generation_config.json")));
    }

    private static Sampling sampling(Path file) throws IOException {
        if (!Files.isRegularFile(file)) return Sampling.GREEDY;
        JsonConfig json = JsonConfig.read(file);
        if (!json.has("do_sample") || !json.flag("do_sample")) return Sampling.GREEDY;
        return new Sampling(
                number(json, "temperature", 1, value -> value >= 0, "0 or more"),
                (int) number(
                        json, "top_k", LIBRARY_TOP_K, value -> value >= 0 && value == (int) value, "0 or more, whole"),
                number(json, "top_p", 1, value -> value > 0 && value <= 1, "above 0 and up to 1"),
                number(json, "repetition_penalty", 1, value -> value > 0, "above 0"),
                0);
    }

    private static double number(JsonConfig json, String key, double absent, DoublePredicate ok, String expected) {
        double value = json.number(key, absent);
        if (!ok.test(value)) throw json.wrong(key, "a number " + expected);
        return value;
    }
}
