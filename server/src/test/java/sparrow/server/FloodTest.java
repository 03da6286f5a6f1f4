package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.Limits;
import sparrow.models.pool.PoolOptions;

/** A server with a small heap outlives legal but huge requests, and so does everybody who talks with it meanwhile. */
@Tag("full")
class FloodTest {
    @TempDir
    private Path folder;

    private Process process;

    /** Serves until its input ends. */
    static final class Served {
        private Served() {}

        public static void main(String[] model) throws IOException {
            try (Running running = switch (model[0]) {
                case "lfm2" -> Running.lfm2(Running.OPTIONS, new Limits(3, 3));
                case "talkative" -> Running.lfm2(Running.OPTIONS, new Limits(2000, 2000));
                case "bundled" -> new Running(Running.OPTIONS, PoolOptions.DEFAULT);
                default -> Running.of(Path.of(model[0]), Running.OPTIONS);
            }) {
                running.server.ready();
                System.out.println(running.server.address());
                System.in.read();
            }
        }
    }

    private Flood flood(String model, String heap) throws IOException {
        // A body of at most 64 KiB, which does not wait for huge messages. Longer bodies may be rejected with 429
        // during a flood.
        return new Flood(serve(model, heap), Wire.asking(3, "\"max_tokens\":3"));
    }

    private URI serve(String model, String heap) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap,
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dsparrow.testdata=" + System.getProperty("sparrow.testdata"),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Served.class.getName(),
                        model)
                .redirectError(log())
                .start();
        BufferedReader out = process.inputReader();
        return URI.create(out.readLine());
    }

    private File log() {
        return folder.resolve("log").toFile();
    }

    @AfterEach
    void stop() {
        process.destroyForcibly();
    }

    @Test
    void ofFramesOfRealtime() throws Exception {
        Flood flood = flood("bundled", "1g");

        flood.frames(24, 2, 20_000_000);

        assertThat(ended(flood))
                .containsKey("session whole")
                .allSatisfy((what, _) -> assertThat(what)
                        .isIn("session whole", "session error rate_limit_exceeded", "innocent whole", "healthz 200"));
        assertThat(flood.counts().get("session whole")).hasValue(24);
    }

    @Test
    void ofBodiesOfChatsAndTranscriptions() throws Exception {
        Flood flood = flood("lfm2", "1g");
        Thread forms = Thread.ofPlatform().start(() -> {
            try {
                flood.transcriptions(16, 20_000_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        flood.bodies(16, 20_000_000);
        forms.join();

        assertThat(ended(flood))
                .allSatisfy(
                        (what, _) -> assertThat(what).matches("(body|form) (200|400|429)|innocent whole|healthz 200"));
    }

    private static String message(String role, String part) {
        return "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"" + role
                + "\",\"content\":[" + part + "]}}";
    }

    @Test
    void ofRecordingsOfAFewSamples() throws Exception {
        Flood flood = flood("bundled", "256m");
        String recording = "{\"type\":\"input_audio\",\"audio\":\"AQABAAEA\"}";

        flood.events(4, 100, message("user", String.join(",", Collections.nCopies(64, recording))), true);

        assertThat(ended(flood)).containsOnlyKeys("session whole", "innocent whole", "healthz 200");
    }

    @Test
    void ofTextsOfTheAssistant() throws Exception {
        Flood flood = flood("bundled", "256m");

        flood.events(
                32,
                8,
                message("assistant", "{\"type\":\"output_text\",\"text\":\"" + "a ".repeat(30_000) + "\"}"),
                true);

        assertThat(ended(flood))
                .containsKey("session error rate_limit_exceeded")
                .allSatisfy((what, _) -> assertThat(what)
                        .isIn("session whole", "session error rate_limit_exceeded", "innocent whole", "healthz 200"));
    }

    @Test
    void ofAnswersThatNobodyReads() throws Exception {
        Flood flood = flood("bundled", "256m");
        String instructions = "\u4e2d".repeat(65_000);

        flood.events(
                48,
                400,
                "{\"type\":\"session.update\",\"session\":{\"instructions\":\"" + instructions + "\"}}",
                false);

        assertThat(ended(flood)).containsOnlyKeys("session unread", "innocent whole", "healthz 200");
    }

    @Test
    void fourOfTheLargestClientSecretsFit() throws Exception {
        try (Wire wire = new Wire(serve(
                CallingModel.write(folder.resolve("model"), CallingModel.ARGUMENTS)
                        .toString(),
                "256m"))) {
            String tool = "{\"type\":\"function\",\"name\":\"a\",\"description\":\"%s\",\"parameters\":{}}";
            String body = "{\"session\":{\"type\":\"realtime\",\"instructions\":\"%s\",\"tools\":[%s]}}"
                    .formatted("\u4e2d".repeat(1 << 16), tool.formatted("x".repeat((1 << 16) - tool.length() + 2)));

            for (int i = 0; i < 4; i++) {
                Wire.Said said = wire.post("/v1/realtime/client_secrets", body);
                assertThat(said.status()).as(said.text()).isEqualTo(200);
            }
        }
    }

    /** 237 of them filled the heap for two hours. */
    @ParameterizedTest
    @ValueSource(ints = {250, 1000})
    @EnabledOnOs(value = OS.LINUX, disabledReason = "the floods need an address of their own")
    void ofClientSecrets(int count) throws Exception {
        Flood flood = flood("bundled", "256m");

        flood.secrets(count, 1 << 20);

        assertHonestClientsAreAnswered(flood);
    }

    /** The clients of a flood may be rejected, also because they have too many connections. */
    private void assertHonestClientsAreAnswered(Flood flood) throws Exception {
        assertThat(ended(flood))
                .containsKeys("innocent whole", "healthz 200")
                .allSatisfy((what, _) ->
                        assertThat(what).doesNotStartWith("innocent not").doesNotMatch("healthz (?!200).*"));
    }

    /** The longest list that the route accepts, several times; the route says how long it may be. */
    @ParameterizedTest
    @ValueSource(ints = {4, 16})
    void ofCodes(int clients) throws Exception {
        Flood flood = flood("bundled", "256m");
        try (Wire wire = new Wire(flood.address())) {
            String refusal = wire.post("/sparrow/v1/tokens", "{\"codes\":[]}").message();
            int most = Integer.parseInt(refusal.replaceAll(".* 1 to (\\d+) .*", "$1"));

            flood.posts(clients, "/sparrow/v1/tokens", "{\"codes\":[" + "7,".repeat(most - 1) + "7", 0, "]}");
        }

        assertThat(ended(flood))
                .containsKey("/sparrow/v1/tokens 200")
                .allSatisfy((what, _) -> assertThat(what)
                        .isIn("/sparrow/v1/tokens 200", "/sparrow/v1/tokens 429", "innocent whole", "healthz 200"));
    }

    /** The counted bytes grow with the audio, not only when the answer is sent. */
    @ParameterizedTest
    @ValueSource(strings = {"wav", "pcm16", "audio", "sse"})
    void audioThatIsSentWholeIsCountedFromItsFirstSamples(String format) throws Exception {
        String chat = Wire.chat(
                "\"Hello\"",
                "\"modalities\":[\"text\",\"audio\"],\"audio\":{\"voice\":\"default\",\"format\":\"" + format + "\"}");
        String speech = "{\"model\":\"" + Running.MODEL
                + "\",\"voice\":\"alloy\",\"input\":\"Good morning.\",\"stream_format\":\"" + format + "\"}";
        boolean isSpeech = format.equals("audio") || format.equals("sse");
        try (Wire wire = new Wire(serve("talkative", "96m"))) {
            AtomicReference<byte[]> answer = new AtomicReference<>();
            Thread asking = Thread.ofPlatform()
                    .start(() -> answer.set(
                            isSpeech
                                    ? wire.bytes("/v1/audio/speech", speech)
                                    : wire.bytes("/v1/chat/completions", chat)));
            Set<Long> counted = new HashSet<>();

            while (asking.isAlive()) counted.add(counted(wire));

            assertThat(answer.get()).hasSizeGreaterThan(150_000);
            assertThat(counted).hasSizeGreaterThan(3);
            Wire.until(() -> counted(wire) == 0);
        }
    }

    private static long counted(Wire wire) {
        return wire.get("/metrics")
                .text()
                .lines()
                .filter(line -> line.contains("share=\"answers\",state=\"used\""))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** More spoken chats than the share of answers has room for. The queue of replies may be full. */
    @ParameterizedTest
    @ValueSource(ints = {32, 128})
    void ofSpokenChats(int clients) throws Exception {
        Flood flood = flood("talkative", "96m");
        String path = "/v1/chat/completions";
        String sound = "\"modalities\":[\"text\",\"audio\"],\"audio\":{\"voice\":\"default\",\"format\":\"wav\"}";

        flood.posts(clients, path, Wire.chat("\"Hello\"", sound), 0, "");

        assertThat(ended(flood))
                .containsKeys(path + " 200", "healthz 200")
                .allSatisfy((what, _) -> assertThat(what)
                        .isIn(
                                path + " 200",
                                path + " 429",
                                "healthz 200",
                                "innocent whole",
                                "innocent not whole: HTTP/1.1 429 Too Many Requests"));
    }

    /** The server starts with this heap, but cannot synthesize the speech of a reply. */
    @Test
    void anExhaustedHeapIsReported() throws Exception {
        try (Wire wire = new Wire(serve("bundled", "24m"))) {
            String spoken = Wire.asking(
                    1, "\"modalities\":[\"text\",\"audio\"],\"audio\":{\"voice\":\"default\",\"format\":\"wav\"}");
            assertThat(wire.get("/healthz").status()).isEqualTo(200);

            assertThat(wire.post("/v1/chat/completions", spoken).status()).isEqualTo(500);

            assertThat(wire.get("/healthz").status()).isEqualTo(503);
            assertThat(wire.get("/healthz").message()).isEqualTo("out of memory: the heap was exhausted");
        }
    }

    /** Run alone, {@link Flood} measures how long the innocent client waits. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    @EnabledOnOs(value = OS.LINUX, disabledReason = "the floods need an address of their own")
    void ofAllAtOnce(int times) throws Exception {
        Flood flood = flood("lfm2", "256m");

        flood.together(times);

        assertHonestClientsAreAnswered(flood);
    }

    private Map<String, ?> ended(Flood flood) throws Exception {
        flood.end();
        assertThat(process.isAlive()).isTrue();
        assertThat(Files.readString(log().toPath())).doesNotContain("OutOfMemoryError");
        return flood.counts();
    }
}
