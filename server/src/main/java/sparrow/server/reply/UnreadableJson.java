package sparrow.server.reply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;

/** What is wrong with the JSON of a client. */
public final class UnreadableJson {
    private UnreadableJson() {}

    /** In words, without names of methods and classes that a client knows nothing of. */
    public static String words(JsonProcessingException e) {
        if (e instanceof MismatchedInputException) return "more behind it";
        return e.getOriginalMessage().replaceAll(", from `[^`]*`| \\(start marker at .*\\)", "");
    }
}
