package sparrow.server.reply;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;

/** The names by which clients may request the served model: its own name and the names of OpenAI's audio models. */
public final class ModelName {
    /**
     * OpenAI's audio models, all of which select the served model, because clients send these names by default. Names
     * of text models are rejected.
     */
    private static final Pattern OPENAI = Pattern.compile(
            "whisper-1|tts-1(-[\\w.-]+)?|gpt-(\\d[\\w.]*-)?(mini-)?(realtime|audio|live|transcribe|tts)(-[\\w.-]+)?");

    /** Maximum length of a name in a caution. */
    private static final int MAX_CHARACTERS = 64;

    private ModelName() {}

    /**
     * Accepts the model name in a request.
     *
     * @param served the model's own name
     * @param param the place of the name in the request
     * @return a caution if the client requested one of OpenAI's models
     * @throws RefusedException if the name is unknown
     */
    public static Optional<String> accept(String name, String served, String param) {
        if (name.equals(served)) return Optional.empty();
        if (name.length() <= MAX_CHARACTERS && OPENAI.matcher(name).matches()) {
            return Optional.of(param + ": " + served + " answers, not " + name);
        }
        throw new RefusedException(
                "model_not_found", param, param + ": expected " + served + ", got " + Json.brief(name));
    }

    /** Joins two cautions in one line. Returns empty if both are empty. */
    public static Optional<String> cautions(Optional<String> one, Optional<String> other) {
        return Stream.concat(one.stream(), other.stream()).reduce((first, second) -> first + "; " + second);
    }
}
