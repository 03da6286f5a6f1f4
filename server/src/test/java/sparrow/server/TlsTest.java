package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.models.pool.PoolOptions;
import sparrow.models.pool.PoolStatus;

/** The same over TLS. */
class TlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    private Path folder;

    private Path keystore() throws Exception {
        Path file = folder.resolve("server.p12");
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString()))
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        return file;
    }

    private static SSLContext trusting(Path keystore) throws Exception {
        KeyStore certificates = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keystore)) {
            certificates.load(in, PASSWORD.toCharArray());
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(certificates);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void repliesComeEncryptedOneAfterTheOtherAndEndWithTheirClient() throws Exception {
        Path keystore = keystore();
        ServerOptions options = Running.OPTIONS.withTls(new Tls(keystore, PASSWORD));
        try (Running running = new Running(options, PoolOptions.DEFAULT)) {
            var address = running.server.address();
            assertThat(address.getScheme()).isEqualTo("https");

            Socket socket = trusting(keystore).getSocketFactory().createSocket("127.0.0.1", address.getPort());
            try (Socketed client = new Socketed(socket)) {
                client.post("/v1/chat/completions", Wire.chat("\"hello\"", "\"max_tokens\":3"));
                assertThat(client.readUntil("\"sparrow\"")).contains("200 OK");
                client.post("/v1/chat/completions", Wire.asking(1, ""));
                until(running, true);
            }

            until(running, false);
        }
    }

    private static void until(Running running, boolean active) {
        while (true) {
            PoolStatus status = running.pool.status();
            if ((status.active() > 0) == active) return;
            Thread.onSpinWait();
        }
    }

    @Test
    void aWrongPasswordIsToldBeforeAnythingIsServed() throws Exception {
        Path keystore = keystore();

        assertThatThrownBy(() -> new Running(Running.OPTIONS.withTls(new Tls(keystore, "wrong")), PoolOptions.DEFAULT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("password");
        assertThat(Optional.of(new Tls(keystore, "secret"))).asString().doesNotContain("secret");
    }
}
