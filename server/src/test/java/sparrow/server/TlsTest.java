package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.models.pool.PoolOptions;
import sparrow.server.http.Tls;
import sparrow.server.metrics.FinishedReply;
import sparrow.server.metrics.FinishedReply.Ending;

/** The same over TLS. */
class TlsTest {
    @TempDir
    private Path folder;

    private static SSLContext trusting(TestKeystore keystore) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keystore.certificates());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void repliesComeEncryptedOneAfterTheOtherAndEndWithTheirClient() throws Exception {
        TestKeystore keystore = TestKeystore.make(folder);
        BlockingQueue<FinishedReply> finished = new LinkedBlockingQueue<>();
        ServerOptions options = Running.OPTIONS.withTls(keystore.tls()).withLog(finished::add);
        try (Running running = new Running(options, PoolOptions.DEFAULT)) {
            var address = running.server.address();
            assertThat(address.getScheme()).isEqualTo("https");

            Socket socket = trusting(keystore).getSocketFactory().createSocket("127.0.0.1", address.getPort());
            try (Socketed client = new Socketed(socket)) {
                client.post("/v1/chat/completions", Wire.chat("\"hello\"", "\"max_tokens\":3"));
                assertThat(client.readUntil("\"sparrow\"")).contains("200 OK");
                running.pauseAfter(20);
                client.post("/v1/chat/completions", Wire.asking(1, "\"stream\":true"));
                assertThat(client.readUntil("\"delta\"")).contains("\"role\"");
            }

            assertThat(finished.take().ending()).isEqualTo(Ending.LENGTH);
            assertThat(finished.poll(5, TimeUnit.MINUTES))
                    .extracting(FinishedReply::ending)
                    .isEqualTo(Ending.DISCONNECTED);
        }
    }

    @Test
    void aWrongPasswordIsToldBeforeAnythingIsServed() throws Exception {
        TestKeystore keystore = TestKeystore.make(folder);

        assertThatThrownBy(() ->
                        new Running(Running.OPTIONS.withTls(new Tls(keystore.file(), "wrong")), PoolOptions.DEFAULT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("password");
        assertThat(Optional.of(new Tls(keystore.file(), "secret"))).asString().doesNotContain("secret");
    }
}
