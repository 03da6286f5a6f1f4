package sparrow.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.server.Wire;

/** Files of one folder of the class path, and no others. */
class StaticPageTest {
    private static HttpPort port;
    private static Wire wire;

    @BeforeAll
    static void start() throws IOException {
        Duration patience = Duration.ofSeconds(30);
        port = HttpPort.create("127.0.0.1", 0, Optional.empty(), patience, patience);
        StaticPage page = new StaticPage(StaticPageTest.class.getClassLoader(), "sparrow/server/http/page");
        Access access = new Access(Optional.of("key"), Set.of(), "127.0.0.1");
        port.start(new AuthHandler(access, StaticPage::couldServe, new Router().otherwise(page)));
        wire = new Wire(URI.create("http://127.0.0.1:" + port.port()));
    }

    @AfterAll
    static void stop() {
        wire.close();
        port.close();
    }

    @Test
    void itsBeginningIsItsIndexAndNeedsNoKey() {
        Wire.Said said = wire.get("/");

        assertThat(said.status()).isEqualTo(200);
        assertThat(said.text()).contains("<title>page</title>");
        assertThat(said.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(said.headers().firstValue("content-security-policy").orElse(""))
                .startsWith("default-src 'self'")
                .doesNotContain("unsafe", "*");
        assertThat(said.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    }

    @Test
    void aScriptIsOne() {
        assertThat(wire.get("/one.js").headers().firstValue("content-type")).hasValue("text/javascript; charset=utf-8");
        assertThat(wire.send("HEAD", "/one.js", new byte[0]).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/two.js",
                "/..%2Fpage%2Fone.js",
                "/%2e%2e/one.js",
                "/sub/one.js",
                "/one.class",
                "/StaticPageTest.class",
                "/one.js%00.html"
            })
    void nothingElseIsThere(String path) {
        assertThat(wire.get(path, "authorization", "Bearer key").status()).isIn(400, 404);
        assertThat(wire.get(path).status()).isIn(400, 401, 404);
    }
}
