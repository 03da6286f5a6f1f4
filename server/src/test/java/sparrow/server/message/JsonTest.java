package sparrow.server.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.server.reply.RequestOverrides;

/** What is no JSON object is refused in words of its sender. */
class JsonTest {
    private record Nested(Nested inner, Map<String, Integer> numbers) {}

    @ParameterizedTest
    @ValueSource(strings = {"{'K':1}", "{'inner':{'K':1}}"})
    void aLongKeyIsCutInRefusals(String text) {
        ObjectNode object = Json.object(text.replace('\'', '"').replace("K", "k\\n".repeat(10_000)));

        assertThatThrownBy(() -> Json.STRICT.read(object, Nested.class))
                .isInstanceOfSatisfying(RefusedException.class, refused -> {
                    assertThat(refused.getMessage()).hasSizeLessThan(120).contains("k?k?");
                    assertThat(refused.param().orElseThrow()).hasSizeLessThan(80);
                });
    }

    /** The place of a refusal is logged, and the keys of a map may be a client's words. */
    @Test
    void theKeysOfAMapAreNoPlace() {
        assertThatThrownBy(() -> Json.STRICT.read(Json.object("{\"numbers\":{\"secret\":\"x\"}}"), Nested.class))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.param()).hasValue("numbers"));
    }

    @Test
    void aLongKeyBesideTheExitsIsCutAsWell() {
        ObjectNode sparrow = Json.object("{\"" + "k".repeat(10_000) + "\":1}");

        assertThatThrownBy(() -> RequestOverrides.NONE.withExits(sparrow, "sparrow"))
                .hasMessage("sparrow." + "k".repeat(60) + ": unknown parameter; expected exit");
    }

    @Test
    void aBoundWithoutAnUpperEndIsToldSo() {
        assertThatThrownBy(() -> Check.whole("max_tokens", 0, 1, Integer.MAX_VALUE))
                .hasMessage("max_tokens: expected 1 or more, got 0");
    }

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
