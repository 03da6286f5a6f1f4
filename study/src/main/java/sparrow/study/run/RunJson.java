package sparrow.study.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;

/** How records become JSON in a run and its reports: keys in snake case, nothing for what is not there. */
public final class RunJson {
    private static final ObjectMapper JSON = new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
            .enable(SerializationFeature.INDENT_OUTPUT);

    private RunJson() {}

    /** The text of a record, a newline at its end; the same record gives the same text. */
    public static String text(Object value) {
        try {
            // The writer would end lines as the platform does.
            return JSON.writeValueAsString(value).replace(System.lineSeparator(), "\n") + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode tree(Object value) {
        return JSON.valueToTree(value);
    }

    static JsonNode tree(byte[] text) throws IOException {
        return JSON.readTree(text);
    }

    static <T> T read(byte[] text, Class<T> type) throws IOException {
        return JSON.readValue(text, type);
    }
}
