package sparrow.study.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** Reads the wanted part of an answer. */
@FunctionalInterface
public interface AnswerReader<T> {
    /**
     * The wanted part.
     *
     * @param answer any JSON, an object only if the service keeps to its protocol
     * @throws UnexpectedAnswerException if it is not there
     */
    T read(JsonNode answer) throws UnexpectedAnswerException;

    /** The text of a key that has to be there. */
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
