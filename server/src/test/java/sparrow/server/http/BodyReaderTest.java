package sparrow.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.content.AsyncContent;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.server.Socketed;
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
        Content.Source trickle = new Content.Source() {
            private int left = fast;

            @Override
            public Content.Chunk read() {
                if (left <= 0) LockSupport.parkNanos(20_000_000);
                int count = left > 0 ? Math.min(left, 8 << 10) : 1;
                left -= count;
                return Content.Chunk.from(ByteBuffer.allocate(count), false);
            }

            @Override
            public void demand(Runnable more) {
                more.run();
            }

            @Override
            public void fail(Throwable failure) {}
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

    /** They come with a body, so a limit of the time without any byte does not end them. */
    @ParameterizedTest
    @CsvSource({
        "'5;', 1, the extension of a chunk",
        "'5;', 400, an extension at a fast pace",
        "'3\r\n{ }\r\n0\r\nx: ', 1, a trailer",
        "'3\r\n{ }\r\n0\r\nx: ', 4, a trailer at another pace",
    })
    void extensionsAndTrailersThatTrickleAreGivenUp(String begin, int bytes, String name) throws Exception {
        BodyReader bodies = new BodyReader(new MessageMemory(1 << 30), Duration.ofMillis(200));
        Duration idle = Duration.ofSeconds(30);
        try (HttpPort port = HttpPort.create("127.0.0.1", 0, Optional.empty(), idle, idle)) {
            port.start(new Handler.Abstract() {
                @Override
                public boolean handle(Request request, Response response, Callback callback) throws IOException {
                    HttpExchange exchange = new HttpExchange(request, response, "", bodies);
                    try {
                        exchange.body(body -> body);
                    } catch (HttpFailure failure) {
                        exchange.sendFailure(failure);
                    }
                    callback.succeeded();
                    return true;
                }
            });
            try (Socketed client = new Socketed(new Socket("127.0.0.1", port.port()))) {
                client.send(bytes("POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n" + begin));
                AtomicBoolean answered = new AtomicBoolean();
                Thread trickle = Thread.ofVirtual().start(() -> {
                    while (!answered.get()) {
                        try {
                            client.send(bytes("a".repeat(bytes)));
                        } catch (IOException e) {
                            return; // closed
                        }
                        LockSupport.parkNanos(20_000_000);
                    }
                });

                assertThat(client.readUntil("}}")).startsWith("HTTP/1.1 408").containsIgnoringCase("connection: close");

                answered.set(true);
                trickle.join();
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
