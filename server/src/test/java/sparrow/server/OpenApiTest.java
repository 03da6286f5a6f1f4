package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The file openapi.json says what the records say. {@code -Dsparrow.docs=write} writes it anew. */
class OpenApiTest {
    static final Path FILE = Path.of("src/main/resources/sparrow/server/page/openapi.json");

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @BeforeEach
    void writeWhereAsked() throws Exception {
        if (System.getProperty("sparrow.docs", "").equals("write")) {
            Files.writeString(FILE, JSON.writeValueAsString(OpenApi.description()) + "\n");
        }
    }

    /** The description in the file. */
    static JsonNode file() throws IOException {
        return JSON.readTree(Files.readString(FILE));
    }

    @Test
    void theFileSaysWhatTheRecordsSay() throws Exception {
        // Read again, because numbers of different types are not equal.
        JsonNode said = JSON.readTree(JSON.writeValueAsString(OpenApi.description()));

        assertThat(file())
                .as("openapi.json; CONTRIBUTING.md says how to write it anew")
                .isEqualTo(said);
    }

    @Test
    void itSaysWhatIsRequiredAndBetweenWhichBounds() throws Exception {
        JsonNode schemas = file().path("components").path("schemas");

        assertThat(schemas.at("/SpeechFields/required")).hasToString("[\"model\",\"input\",\"voice\"]");
        assertThat(schemas.at("/ChatBody/properties/temperature/anyOf/0"))
                .hasToString("{\"type\":\"number\",\"minimum\":0.0,\"maximum\":2.0}");
        assertThat(schemas.at("/SpeechFields/properties/input/maxLength").asInt())
                .isEqualTo(4096);
        assertThat(schemas.at("/SpeechFields/additionalProperties")).hasToString("false");
    }
}
