package sparrow.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.EOFException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.content.AsyncContent;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.server.message.MessageMemory;

/** A body that is discarded is read to its end, and for no longer than patience lasts. */
class BodyReaderTest {
    private static final ByteBuffer PIECE = ByteBuffer.allocate(10).asReadOnlyBuffer();

    @Test
    void aBodyIsReadToItsEnd() {
        AsyncContent body = new AsyncContent();
        body.write(false, PIECE.duplicate(), Callback.NOOP);
        Thread.ofVirtual().start(() -> body.write(true, PIECE.duplicate(), Callback.NOOP));

        assertThat(BodyReader.discard(body, Duration.ofMinutes(1))).isTrue();
    }

    /** A sender that has a place for long bodies keeps others out of it, and any sender a connection. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBodyThatTricklesIsGivenUp(boolean isLong) {
        MessageMemory memory = new MessageMemory(1 << 30);
        int fast = isLong ? memory.shortBytes() + (4 << 10) : 100;
        InputStream trickle = new InputStream() {
            private int left = fast;

            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] to) throws InterruptedIOException {
                if (left <= 0) pause();
                int count = left > 0 ? Math.min(left, to.length) : 1;
                left -= count;
                return count;
            }

            private static void pause() throws InterruptedIOException {
                try {
                    Thread.sleep(20);
                } catch (InterruptedException e) {
                    throw new InterruptedIOException();
                }
            }
        };
        BodyReader bodies = new BodyReader(memory, Duration.ofMillis(100));

        assertThatExceptionOfType(HttpFailure.class)
                .isThrownBy(() -> bodies.read(trickle, 20 << 20, bytes -> bytes, bytes -> bytes))
                .satisfies(failure -> assertThat(failure.status()).isEqualTo(408));
    }

    @Test
    void aBodyThatPausesForTooLongIsGivenUp() {
        AsyncContent body = new AsyncContent();
        body.write(false, PIECE.duplicate(), Callback.NOOP);

        assertThat(BodyReader.discard(body, Duration.ofMillis(50))).isFalse();
    }

    @Test
    void aBodyThatBreaksOffIsGivenUp() {
        AsyncContent body = new AsyncContent();
        body.fail(new EOFException("gone"));

        assertThat(BodyReader.discard(body, Duration.ofMinutes(1))).isFalse();
    }

    @Test
    void aRequestWhoseBodyIsReadTakesLittleMore() throws Exception {
        AtomicInteger longest = new AtomicInteger();
        InputStream body = new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] to) {
                longest.set(to.length);
                return -1;
            }
        };

        new BodyReader(new MessageMemory(1 << 30)).read(body, 0, bytes -> bytes, bytes -> bytes);

        assertThat(longest.get()).isBetween(1, 8 << 10);
    }
}
