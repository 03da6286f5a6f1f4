package sparrow.study.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** Extracts a value from a service's answer. */
@FunctionalInterface
public interface AnswerReader<T> {
    /**
     * Extracts the value from an answer.
     *
     * @param answer any JSON; it is an object if the service follows the protocol
     * @throws UnexpectedAnswerException if the answer does not contain the value
     */
    T read(JsonNode answer) throws UnexpectedAnswerException;

    /** Returns the string with a required key. */
    static String text(JsonNode answer, String key) throws UnexpectedAnswerException {
        JsonNode value = answer.path(key);
        if (!value.isTextual()) {
            throw new UnexpectedAnswerException(key + ": expected a string, found " + kind(value));
        }
        return value.textValue();
    }

    private static String kind(JsonNode value) {
        return value.isMissingNode() ? "nothing" : value.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
