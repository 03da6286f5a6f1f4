package sparrow.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.server.Running;
import sparrow.server.Wire;

/** Chat Completions with early tokens that are verified give what full depth gives; what full depth said of them is told. */
@Tag("full")
class VerifiedRepliesTest {
    private static final String SPOKEN =
            "\"modalities\":[\"text\",\"audio\"],\"audio\":{\"voice\":\"alloy\",\"format\":\"wav\"},";
    private static final String SAMPLED = "\"temperature\":0.7,\"top_p\":0.9,\"seed\":5,";
    private static final String FULL = "{\"exit\":\"none\"}";

    private static Running running;
    private static Wire wire;

    @BeforeAll
    static void start() throws IOException {
        running = new Running();
        wire = new Wire(running.server.address());
    }

    @AfterAll
    static void stop() {
        wire.close();
        running.close();
    }

    private static JsonNode ask(int question, String more, int tokens, String sparrow) throws IOException {
        Wire.Said said = wire.post(
                "/v1/chat/completions",
                Wire.asking(question, more + "\"max_completion_tokens\":" + tokens + ",\"sparrow\":" + sparrow));
        assertThat(said.status()).as(said.text()).isEqualTo(200);
        return said.json();
    }

    @Tag("full")
    @ParameterizedTest(name = "{0}, sampled {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"exit\":\"draft:8:2\"} | false",
                "{\"exit\":\"draft:8:2\"} | true",
                "{\"exit\":\"even:8+verify\"} | false",
                "{\"exit\":\"even:8+verify\"} | true",
            })
    void severalAtOnceAreThoseOfFullDepth(String sparrow, boolean sampled)
            throws IOException, InterruptedException, ExecutionException {
        String more = SPOKEN + (sampled ? SAMPLED : "");
        List<Future<JsonNode>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 1; i <= 2; i++) {
                int question = i;
                all.add(threads.submit(() -> ask(question, more, 50, sparrow)));
            }
        }

        for (int i = 1; i <= 2; i++) {
            JsonNode verified = all.get(i - 1).get();
            JsonNode full = ask(i, more, 50, FULL);
            // The sound tells every code.
            for (String place : List.of("/message/audio/transcript", "/message/audio/data", "/finish_reason")) {
                assertThat(verified.at("/choices/0" + place))
                        .as("%d%s", i, place)
                        .isEqualTo(full.at("/choices/0" + place));
            }
            assertThat(verified.at("/usage/completion_tokens")).isEqualTo(full.at("/usage/completion_tokens"));
            assertThat(verified.at("/sparrow/trace").asText().replace('D', 'F'))
                    .isEqualTo(full.at("/sparrow/trace").asText());
            assertThat(verified.at("/sparrow/exit"))
                    .isEqualTo(new ObjectMapper().readTree(sparrow).path("exit"));
            assertThat(verified.at("/sparrow/drafts/accepted").asInt())
                    .isPositive()
                    .isLessThanOrEqualTo(verified.at("/sparrow/drafts/drafted").asInt());
        }
    }

    @Tag("full")
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "null                                       | even:12",
                "{}                                         | even:12",
                "{\"exit\":null}                            | even:12",
                "{\"exit\":\"even:12+measure\"}               | even:12+measure",
                "{\"exit\":\"draft:8:2+verify\"}              | draft:8:2",
                "{\"exit\":\"text=none,speech=conf:8:0.5\"}   | conf:8:0.5",
                "{\"exit\":\"text=draft:8:2\"}                | text=draft:8:2",
            })
    void aReplyTellsItsExitsInTheNotationInWhichTheyAreAskedFor(String sparrow, String exit) throws IOException {
        assertThat(ask(1, "", 2, sparrow).at("/sparrow/exit").asText()).isEqualTo(exit);
    }

    @Test
    void whatWasCheckedIsToldAndCounted() throws IOException {
        JsonNode checked = ask(2, "", 80, "{\"exit\":\"even:12+measure\"}").path("sparrow");
        ask(2, "", 80, "{\"exit\":\"draft:8:2\"}");

        int early = checked.path("trace").asText().replaceAll("[^E]", "").length();
        // The last one may have no position of full depth behind it.
        assertThat(checked.at("/early/checked").asInt()).isBetween(early - 1, early);
        assertThat(checked.at("/early/agreed").asInt()).isPositive();
        assertThat(checked.has("drafts")).isFalse();
        assertThat(wire.get("/metrics").text())
                .containsPattern("sparrow_early_checked_total\\{[^}]*verdict=\"agreed\"} [1-9]")
                .containsPattern("sparrow_drafts_total\\{[^}]*verdict=\"accepted\"} [1-9]");
    }
}
