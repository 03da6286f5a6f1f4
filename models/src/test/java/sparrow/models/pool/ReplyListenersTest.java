package sparrow.models.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Several listeners of one reply. */
class ReplyListenersTest {
    private static final class Failing implements ReplyListener {
        @Override
        public void ended(PooledReply reply) {
            throw new IllegalStateException("ended");
        }

        @Override
        public void failed(RuntimeException failure) {
            throw new IllegalStateException("failed");
        }

        @Override
        public boolean isReady() {
            return false;
        }
    }

    @Test
    void allAreNotifiedOfTheEndEvenIfOneThrowsAnException() {
        Heard heard = new Heard();
        ReplyListener all = new ReplyListeners(List.of(new Failing(), heard));

        assertThatThrownBy(() -> all.ended(null)).hasMessage("ended");
        assertThatThrownBy(() -> all.failed(new IllegalStateException())).hasMessage("failed");

        assertThat(heard.ends).isEqualTo(2);
    }

    @Test
    void theyAreReadyIfEachIsReady() {
        assertThat(new ReplyListeners(List.of(new Heard(), new Heard())).isReady())
                .isTrue();
        assertThat(new ReplyListeners(List.of(new Heard(), new Failing())).isReady())
                .isFalse();
    }
}
