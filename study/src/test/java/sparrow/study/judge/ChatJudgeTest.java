package sparrow.study.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.study.judge.Items.item;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sparrow.study.data.Item;
import sparrow.study.http.Endpoint;
import sparrow.study.http.OpenAiService;
import sparrow.study.http.StubServer;

/** A judge behind a server that speaks the protocol, and one behind servers that do not. */
class ChatJudgeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Item ITEM = item("What is the capital of France?", "Paris");
    private static final StubServer.Answer CORRECT =
            answer("{\"analysis\": \"It names Paris.\", \"judgment\": \"correct\"}");

    @Test
    void asksAsTheProtocolWantsAtTemperatureZero() throws IOException {
        try (StubServer server = new StubServer(CORRECT);
                Judge judge = judge(server, Duration.ofSeconds(60), 0)) {
            assertThat(judge.judge(ITEM, "it is paris")).isEqualTo(new Verdict.Graded(100));

            assertThat(server.requests()).singleElement().satisfies(request -> {
                assertThat(request.method()).isEqualTo("POST");
                assertThat(request.path()).isEqualTo("/v1/chat/completions");
                JsonNode body = JSON.readTree(request.body());
                assertThat(body.path("model").asText()).isEqualTo("judge-1");
                assertThat(body.path("temperature").asDouble(-1)).isZero();
                assertThat(body.path("messages")).hasSize(1);
                JsonNode message = body.path("messages").path(0);
                assertThat(message.path("role").asText()).isEqualTo("user");
                assertThat(message.path("content").asText())
                        .isEqualTo(new AccuracyRubric().prompt(ITEM, "it is paris"));
            });
        }
    }

    @Test
    void asksAgainWhenAServerIsBusy() throws IOException {
        StubServer.Answer busy = StubServer.refusal(429, "slow down", Map.of("Retry-After", "0"));
        try (StubServer server = new StubServer(busy, CORRECT);
                Judge judge = judge(server, Duration.ofSeconds(60), 2)) {
            assertThat(judge.judge(ITEM, "paris")).isEqualTo(new Verdict.Graded(100));

            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void leavesUngradedWhatAServerRefuses() throws IOException {
        assertUngraded(StubServer.refusal(500, "oops"), "/v1: rejected with HTTP 500");
        assertUngraded(StubServer.refusal(429, "quota spent"), "/v1: rejected with HTTP 429");
    }

    @Test
    void leavesUngradedWhatIsNotAnsweredInTime() throws IOException {
        assertUngraded(StubServer.never(), Duration.ofMillis(300), "/v1: did not answer within 0.3 s");
    }

    @Test
    void leavesUngradedWhatTheProtocolDoesNotAllow() throws IOException {
        assertUngraded(StubServer.ok("{\"choices\": ["), "answer violates the protocol");
        assertUngraded(StubServer.ok("{\"id\": \"c\"}"), "answer violates the protocol");
    }

    @Test
    void leavesUngradedWhatHasNoVerdict() throws IOException {
        assertUngraded(answer("Paris is lovely."), "expected a judgment, correct or incorrect, found Paris is lovely.");
        assertUngraded(StubServer.ok(completion("[]")), "expected a judgment, correct or incorrect, found nothing");
    }

    private static void assertUngraded(StubServer.Answer answer, String reason) throws IOException {
        assertUngraded(answer, Duration.ofSeconds(60), reason);
    }

    private static void assertUngraded(StubServer.Answer answer, Duration timeout, String reason) throws IOException {
        try (StubServer server = new StubServer(answer);
                Judge judge = judge(server, timeout, 0)) {
            assertThat(judge.judge(ITEM, "paris"))
                    .isInstanceOfSatisfying(
                            Verdict.Ungraded.class,
                            ungraded -> assertThat(ungraded.reason())
                                    .contains(reason)
                                    .doesNotContain("\n"));
        }
    }

    private static Judge judge(StubServer server, Duration timeout, int retries) {
        Endpoint endpoint = new Endpoint(server.baseUrl(), timeout, retries);
        return new ChatJudge(OpenAiService.open(endpoint), "judge-1", new AccuracyRubric());
    }

    private static StubServer.Answer answer(String content) {
        String text = JSON.getNodeFactory().textNode(content).toString();
        return StubServer.ok(completion("[{\"index\": 0, \"finish_reason\": \"stop\", \"logprobs\": null, "
                + "\"message\": {\"role\": \"assistant\", \"refusal\": null, \"content\": " + text + "}}]"));
    }

    private static String completion(String choices) {
        return "{\"id\": \"c1\", \"object\": \"chat.completion\", \"created\": 1, \"model\": \"judge-1\", \"choices\": "
                + choices + "}";
    }
}
