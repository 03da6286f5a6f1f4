package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sparrow.server.realtime.session.SessionMemory;

class CallConnectionTest {
    @Test
    void theWaitingMessagesOfAllCallsAreLimitedTogether() {
        SessionMemory memory = new SessionMemory(4000, 2);
        CallConnection first = new CallConnection("127.0.0.1", memory.share(), _ -> {});
        CallConnection second = new CallConnection("127.0.0.1", memory.share(), _ -> {});

        assertThat(first.add("x".repeat(1400))).isTrue();

        assertThat(second.add("x".repeat(600))).as("beyond its share").isFalse();
        assertThat(second.add("x".repeat(400))).as("its own share").isTrue();
        assertThat(first.add("x".repeat(100))).isFalse();
    }
}
