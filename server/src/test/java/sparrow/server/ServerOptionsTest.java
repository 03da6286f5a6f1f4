package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sparrow.server.http.Access;
import sparrow.server.http.Tls;

/** Options may be written to a log, what they keep secret may not. */
class ServerOptionsTest {
    @Test
    void keysAndPasswordsDoNotStandInTheirTexts() {
        Tls tls = new Tls(Path.of("server.p12"), "secret");

        assertThat(ServerOptions.LOCAL.withApiKey("secret").withTls(tls).toString())
                .contains("127.0.0.1:8080")
                .doesNotContain("secret");
        assertThat(new Access(Optional.of("secret"), Set.of(), "localhost").toString())
                .doesNotContain("secret");
        assertThat(tls.toString()).doesNotContain("secret");
    }
}
