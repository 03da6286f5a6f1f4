package sparrow.server.realtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bundled model was trained to obey no instructions: it is asked as if there were none, and the client is told. */
class InstructionsTest {
    private static final String LEFT_OUT = "instructions: %s was not trained to follow them, so they are ignored";
    private static final String UPDATE =
            "{\"type\":\"session.update\",\"session\":{\"model\":\"gpt-realtime\",\"instructions\":\"Sing.\"}}";
    private static final String QUESTION = item("user", "What is the capital of Libya?");

    private static TalkingModel model;

    @BeforeAll
    static void open() {
        model = new TalkingModel();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static String item(String role, String text) {
        return "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"" + role
                + "\",\"content\":[{\"type\":\"input_text\",\"text\":\"" + text + "\"}]}}";
    }

    private static JsonNode response(String before, String instructions) {
        try (RealTalk talk = new RealTalk(model)) {
            talk.send(before).send(QUESTION);
            talk.send("{\"type\":\"response.create\",\"response\":{\"max_output_tokens\":10" + instructions + "}}");
            return talk.await("response.done", 0).get("response");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"session |", "item |", "response | ,\"instructions\":\"Sing.\""})
    void theyAreLeftOutOfThePromptAndTheResponseSaysSo(String by, String instructions) {
        String before = switch (by) {
            case "session" -> UPDATE;
            case "item" -> item("system", "Sing.");
            default -> "{\"type\":\"input_audio_buffer.clear\"}";
        };

        JsonNode plain = response("{\"type\":\"input_audio_buffer.clear\"}", "");
        JsonNode instructed = response(before, instructions == null ? "" : instructions);

        assertThat(instructed.at("/usage/input_tokens")).isEqualTo(plain.at("/usage/input_tokens"));
        assertThat(instructed.at("/output/0/content")).isEqualTo(plain.at("/output/0/content"));
        assertThat(instructed.at("/metadata/sparrow_caution").asText()).isEqualTo(LEFT_OUT.formatted("sparrow"));
        assertThat(plain.at("/metadata").has("sparrow_caution")).isFalse();
    }

    @Test
    void anUpdateWithSomeHasACautionBesideThatOfTheModel() {
        Talk talk = new Talk();
        talk.send(UPDATE);
        assertThat(talk.last("session.updated").at("/sparrow/caution").asText()).doesNotContain("instructions");
        talk.model.leftOut = Optional.of(LEFT_OUT.formatted("scripted"));

        talk.send(UPDATE);
        assertThat(talk.last("session.updated").at("/sparrow/caution").asText())
                .isEqualTo(
                        "session.model: scripted answers, not gpt-realtime; session." + LEFT_OUT.formatted("scripted"));
        assertThat(talk.last("session.updated").at("/session/instructions").asText())
                .isEqualTo("Sing.");

        talk.send("{\"type\":\"session.update\",\"session\":{\"instructions\":\"\"}}");
        assertThat(talk.last("session.updated").has("sparrow")).isFalse();
    }
}
