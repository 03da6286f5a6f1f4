package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** JSON that would take forty times its length in memory, or is none, is refused, and others are answered meanwhile. */
class ExplodingBodiesTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final int MAX_BYTES = 25 << 20;

    private static Running running;
    private static Wire wire;

    /** Bodies of many small nodes. */
    enum Shape {
        OBJECTS("{\"a\":[", "{},", "{}]}"),
        LISTS("{\"a\":[", "[[]],", "[]]}"),
        NESTED("{\"a\":[", "{\"\":{\"\":{\"\":{\"\":{\"\":{\"\":{}}}}}}},", "{}]}"),
        NUMBERS("{\"a\":[", "1,", "1]}");

        private final String start;
        private final String element;
        private final String end;

        Shape(String start, String element, String end) {
            this.start = start;
            this.element = element;
            this.end = end;
        }

        String body(int length) {
            return start + element.repeat((length - start.length() - end.length()) / element.length()) + end;
        }
    }

    @BeforeAll
    static void start() throws IOException {
        running = new Running();
        wire = new Wire(running.server.address());
    }

    @AfterAll
    static void stop() {
        wire.close();
        running.close();
    }

    @ParameterizedTest
    @EnumSource
    void aBodyOfManySmallNodesIsRefused(Shape shape) {
        Wire.Said said = wire.post(CHAT, shape.body(1 << 20));

        assertThat(said.status()).isEqualTo(400);
        assertThat(said.code()).isEqualTo("invalid_json");
        assertThat(said.message()).contains("more than 65536 brackets, keys and values");
    }

    @Test
    void aBodyOfOneLongStringIsRead() {
        Wire.Said said = wire.post(CHAT, Wire.chat("\"hi\"", "\"user\":\"" + "A".repeat(24 << 20) + "\""));

        assertThat(said.message()).doesNotContain("JSON");
    }

    @ParameterizedTest
    @CsvSource({
        "000000537d", // looks like UTF-32
        "7b000000", // the same from the other end
        "7b0022006100220000", // UTF-16
        "fffe7b007d00",
        "7b2261223a22d4227d", // a string that is cut in a character
        "7b2261223a22c080227d", // a long form of NUL
        "7b2261223a22eda080227d", // half a pair
    })
    void aBodyThatIsNotUtf8IsRefused(String hex) {
        Wire.Said said = wire.send("POST", CHAT, HexFormat.of().parseHex(hex), "content-type", "application/json");

        assertThat(said.status()).as(said.text()).isEqualTo(400);
        assertThat(said.code()).isEqualTo("invalid_json");
    }

    @Test
    void aByteOrderMarkIsNoFault() {
        assertThat(wire.post(CHAT, "\uFEFF{}").code()).isNotEqualTo("invalid_json");
    }

    /** A server in a heap of a gibibyte, as an operator would start it, with four of the longest bodies at once. */
    @Tag("full")
    @ParameterizedTest
    @EnumSource
    void fourOfTheLongestBodiesFitASmallHeap(Shape shape) throws Exception {
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dsparrow.testdata=" + System.getProperty("sparrow.testdata"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Served.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out =
                        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
                Wire client = new Wire(URI.create(out.readLine()));
                ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            String body = shape.body(MAX_BYTES);
            List<CompletableFuture<Wire.Said>> said = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                said.add(CompletableFuture.supplyAsync(() -> client.post(CHAT, body), senders));
            }
            do assertThat(client.get("/v1/models").status()).isEqualTo(200);
            while (said.stream().anyMatch(answer -> !answer.isDone()));

            assertThat(said)
                    .allSatisfy(answer -> assertThat(answer.join().status()).isEqualTo(400));
        } finally {
            server.destroyForcibly();
            assertThat(server.waitFor(5, TimeUnit.MINUTES)).isTrue();
        }
    }

    /** The server of the process; it says where it listens. */
    static final class Served {
        private Served() {}

        @SuppressWarnings("MustBeClosed") // it ends with the process
        public static void main(String[] args) throws Exception {
            System.out.println(new Running().server.address());
            Thread.currentThread().join();
        }
    }
}
