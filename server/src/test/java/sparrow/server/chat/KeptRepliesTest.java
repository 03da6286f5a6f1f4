package sparrow.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sparrow.engine.interleave.Unit;

class KeptRepliesTest {
    private final KeptReplies replies = new KeptReplies(Clock.systemUTC(), 1 << 20);

    @Test
    void theOldestRepliesAreRemovedWhenAllTakeTooMuchMemory() {
        List<Unit> tokens = Unit.tokens(IntStream.range(0, 2000).toArray());
        for (int i = 0; i < 100; i++) replies.keep("reply " + i, tokens, replies.expiry());
        assertThat(stored("reply")).isEqualTo(21);
        assertThat(replies.find("reply 99")).contains(tokens);

        List<Unit> frames = IntStream.range(0, 500)
                .<Unit>mapToObj(i -> new Unit.Frame(List.of(i, i, i, i, i, i, i, i)))
                .toList();
        for (int i = 0; i < 100; i++) replies.keep("frames " + i, frames, replies.expiry());
        assertThat(stored("frames")).isEqualTo(7);
        assertThat(stored("reply")).isZero();
    }

    private long stored(String kind) {
        return IntStream.range(0, 100)
                .filter(i -> replies.find(kind + " " + i).isPresent())
                .count();
    }
}
