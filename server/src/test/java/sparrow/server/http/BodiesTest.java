package sparrow.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.io.content.AsyncContent;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** A body that is discarded is read to its end, and for no longer than patience lasts. */
class BodiesTest {
    private static final ByteBuffer PIECE = ByteBuffer.allocate(10).asReadOnlyBuffer();

    @Test
    void aBodyIsReadToItsEnd() {
        AsyncContent body = new AsyncContent();
        body.write(false, PIECE.duplicate(), Callback.NOOP);
        Thread.ofVirtual().start(() -> body.write(true, PIECE.duplicate(), Callback.NOOP));

        assertThat(Bodies.discard(body, Duration.ofMinutes(1))).isTrue();
    }

    @Test
    void aBodyThatPausesForTooLongIsGivenUp() {
        AsyncContent body = new AsyncContent();
        body.write(false, PIECE.duplicate(), Callback.NOOP);

        assertThat(Bodies.discard(body, Duration.ofMillis(50))).isFalse();
    }

    @Test
    void aBodyThatBreaksOffIsGivenUp() {
        AsyncContent body = new AsyncContent();
        body.fail(new EOFException("gone"));

        assertThat(Bodies.discard(body, Duration.ofMinutes(1))).isFalse();
    }
}
