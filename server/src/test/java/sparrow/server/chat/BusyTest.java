package sparrow.server.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.errors.RateLimitException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sparrow.models.pool.PoolOptions;
import sparrow.models.pool.ReplyHandle;
import sparrow.server.Running;
import sparrow.server.Wire;

/** A server that has no room says when to come again. */
class BusyTest {
    private static final ChatCompletionCreateParams HELLO = ChatCompletionCreateParams.builder()
            .model(Running.MODEL)
            .maxCompletionTokens(3)
            .addUserMessage("hello")
            .build();

    private Running running;
    private Wire wire;
    private ReplyHandle held;

    @BeforeEach
    void fill() throws IOException {
        running = new Running(Running.OPTIONS, new PoolOptions(1, 0, 1L << 30, Duration.ofMillis(250), 1));
        wire = new Wire(running.server.address());
        held = running.hold();
    }

    @AfterEach
    void stop() {
        wire.close();
        running.close();
    }

    private long rejected() {
        return wire.get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("sparrow_requests_total") && line.contains("reason=\"rejected\""))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void theOfficialClientSeesThatThereIsNoRoom() {
        assertThatThrownBy(() -> running.client().chat().completions().create(HELLO))
                .isInstanceOf(RateLimitException.class)
                .hasMessageContaining("busy");

        Wire.Said said = wire.post("/v1/chat/completions", Wire.chat("\"hello\"", "\"stream\":true"));

        assertThat(said.status()).isEqualTo(429);
        assertThat(said.code()).isEqualTo("rate_limit_exceeded");
        assertThat(said.headers().firstValueAsLong("retry-after").orElseThrow()).isEqualTo(8);
        assertThat(said.headers().firstValueAsLong("retry-after-ms").orElseThrow())
                .isBetween(7000L, 8000L);
        assertThat(said.headers().firstValue("x-should-retry")).isEmpty();
    }

    @Test
    void theOfficialClientComesAgainAndIsAnswered() throws Exception {
        OpenAIClient client = running.client("none", 20);
        CompletableFuture<ChatCompletion> answer =
                CompletableFuture.supplyAsync(() -> client.chat().completions().create(HELLO));
        Wire.until(() -> rejected() > 0);

        held.cancel();

        assertThat(answer.get(5, TimeUnit.MINUTES).choices()).hasSize(1);
    }
}
