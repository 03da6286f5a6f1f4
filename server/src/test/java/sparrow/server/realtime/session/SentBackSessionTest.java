package sparrow.server.realtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** Clients keep the session that they were shown, change a field of it, and send all of it back. */
class SentBackSessionTest {
    @Test
    void aSessionThatIsSentBackChangesNothing() {
        Talk talk = new Talk();
        JsonNode shown = talk.last("session.created").get("session");

        talk.send("{\"type\":\"session.update\",\"session\":" + shown + "}");

        assertThat(talk.last("session.updated").get("session")).isEqualTo(shown);
    }

    @Test
    void anExitThatIsTakenBackIsTheServersOwnAgain() {
        Talk talk = new Talk();
        talk.send("{\"type\":\"session.update\",\"session\":{\"sparrow\":{\"exit\":\"even:3\"}}}");
        assertThat(talk.last("session.updated").at("/session/sparrow/exit").asText())
                .isEqualTo("even:3");

        talk.send("{\"type\":\"session.update\",\"session\":{\"sparrow\":{\"exit\":null}}}");

        assertThat(talk.last("session.updated").at("/session/sparrow/exit").isNull())
                .isTrue();
    }

    @Test
    void tooLongInstructionsAreRefusedWhereTheyStand() {
        Talk talk = new Talk();

        talk.send("{\"type\":\"session.update\",\"session\":{\"instructions\":\"" + "x".repeat(65_537) + "\"}}");

        assertThat(talk.last("error").at("/error/param").asText()).isEqualTo("session.instructions");
    }
}
