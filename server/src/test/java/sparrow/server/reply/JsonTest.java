package sparrow.server.reply;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;

/** What is no JSON object is refused in words of its sender. */
class JsonTest {
    @Test
    void aBodyThatIsTooDeepIsToldTheBound() {
        refused("[".repeat(40) + "]".repeat(40)).withMessageContaining("32").withMessageNotContaining("StreamRead");
    }

    @Test
    void aBodyThatEndsEarlyIsToldWhere() {
        refused("{\"model\":").withMessageContaining("found at line 1, column ");
    }

    private static ThrowableAssertAlternative<RefusedException> refused(String body) {
        return assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Json.object(body.getBytes(StandardCharsets.UTF_8)));
    }
}
