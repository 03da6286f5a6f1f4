package sparrow.server.reply;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;

/** The names by which clients may ask for the model that is served: its own, and those of OpenAI's models that hear or speak. */
public final class ModelName {
    /** Clients send these without being asked, so each of them means the served model. Names of text models are unknown. */
    private static final Pattern OPENAI = Pattern.compile(
            "whisper-1|tts-1(-[\\w.-]+)?|gpt-(\\d[\\w.]*-)?(mini-)?(realtime|audio|live|transcribe|tts)(-[\\w.-]+)?");

    /** The caution repeats the name. */
    private static final int LONGEST = 64;

    private ModelName() {}

    /**
     * Accepts the name in a request.
     *
     * @param served the model's own name
     * @param param where the name stands in the request
     * @return the caution for the client if it named one of OpenAI's models
     * @throws RefusedException if the name is unknown
     */
    public static Optional<String> accept(String name, String served, String param) {
        if (name.equals(served)) return Optional.empty();
        if (name.length() <= LONGEST && OPENAI.matcher(name).matches()) {
            return Optional.of(param + ": " + served + " answers, not " + name);
        }
        throw new RefusedException(
                "model_not_found", param, param + ": expected " + served + ", got " + Json.brief(name));
    }

    /** Two cautions in one line; empty if there are none. */
    public static Optional<String> cautions(Optional<String> one, Optional<String> other) {
        return Stream.concat(one.stream(), other.stream()).reduce((first, second) -> first + "; " + second);
    }
}
