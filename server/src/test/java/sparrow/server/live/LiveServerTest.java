package sparrow.server.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.ClientOptions;
import com.openai.core.JsonValue;
import com.openai.core.ObjectMappers;
import com.openai.helpers.LiveConnection;
import com.openai.models.live.ClientEvent;
import com.openai.models.live.ServerEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.models.pool.PoolOptions;
import sparrow.server.CallingModel;
import sparrow.server.Running;
import sparrow.server.ServerPages;
import sparrow.server.audio.Pcm16;
import sparrow.server.realtime.OfficialClient;
import sparrow.speech.wave.WavFile;

/** GPT-Live over a WebSocket with OpenAI's client for Java, answered by the bundled model. */
class LiveServerTest {
    private static final String KEY = "secret";
    private static final String ANSWER = "the capital of libya is tripoli. libya is in africa.";
    private static final String START =
            "{\"type\":\"session.start\",\"event_id\":\"s1\",\"session\":{\"model\":\"gpt-live-1\"}}";

    private static Running running;

    @TempDir
    private Path folder;

    /** Sound is sent as soon as it is made: a minute ahead. */
    @BeforeAll
    static void start() throws IOException {
        running = new Running(Running.OPTIONS.withApiKey(KEY).withLiveLead(Duration.ofMinutes(1)), PoolOptions.DEFAULT);
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    /** A client that validates every event. */
    private static final class Client implements AutoCloseable {
        private final LiveConnection connection;
        final List<ServerEvent> events = new ArrayList<>();

        @SuppressWarnings("MustBeClosedChecker") // close() ends it
        Client(Running server, String key) {
            connection = LiveConnection.connect(ClientOptions.builder()
                    .httpClient(OkHttpClient.builder().build())
                    .baseUrl(server.server.address() + "/v1")
                    .apiKey(key)
                    .build());
        }

        Client send(String json) {
            try {
                ClientEvent event = ObjectMappers.jsonMapper().readValue(json, ClientEvent.class);
                OfficialClient.sendWhenFree(() -> connection.send(event));
                return this;
            } catch (JsonProcessingException e) {
                throw new AssertionError(e);
            }
        }

        Client append(byte[] pcm) {
            return send("{\"type\":\"session.input_audio.append\",\"audio\":\""
                    + Base64.getEncoder().encodeToString(pcm) + "\"}");
        }

        ServerEvent await(Predicate<ServerEvent> wanted) throws Exception {
            while (true) {
                ServerEvent event =
                        connection.receiveAsync().get(5, TimeUnit.MINUTES).validate();
                events.add(event);
                if (wanted.test(event)) return event;
            }
        }

        JsonNode awaitBackend(String type) throws Exception {
            return tree(await(event -> tree(event).at("/event/type").asText().equals(type)));
        }

        private static JsonNode tree(ServerEvent event) {
            return ObjectMappers.jsonMapper().valueToTree(event);
        }

        /** Returns the transcript of all answers. */
        String words() {
            return events.stream()
                    .flatMap(event -> event.sessionOutputTranscriptDelta().stream())
                    .map(delta -> delta.delta())
                    .collect(Collectors.joining());
        }

        String errorCode() throws Exception {
            return await(ServerEvent::isErrorEvent).asErrorEvent().error().code();
        }

        @Override
        public void close() {
            connection.close();
        }
    }

    private static byte[] question(int number) throws IOException {
        return Pcm16.encode(WavFile.read(Running.example(number)).at(24_000).samples());
    }

    @Test
    void aSpokenQuestionIsAnswered() throws Exception {
        try (Client client = new Client(running, KEY)) {
            client.send(START).append(question(1)).append(new byte[48_000]);
            client.await(ServerEvent::isSessionUsageUpdated);
            client.send("{\"type\":\"session.close\"}");
            ServerEvent closed = client.await(ServerEvent::isSessionClosed);

            ByteArrayOutputStream sound = new ByteArrayOutputStream();
            for (ServerEvent event : client.events) {
                event.sessionOutputAudioDelta()
                        .ifPresent(delta -> sound.writeBytes(Base64.getDecoder().decode(delta.delta())));
            }
            assertThat(client.words()).isEqualTo(ANSWER);
            assertThat(sound.size() / 48_000.0).isBetween(2.0, 4.0);
            assertThat(closed.asSessionClosed().reason().toString()).isEqualTo("close_requested");
            ServerEvent started = client.events.getFirst();
            assertThat(started.asSessionStarted().clientEventId()).hasValue("s1");
            assertThat(JsonValue.from(started).convert(Map.class).get("sparrow"))
                    .hasToString("{caution=session.model: sparrow-tiny answers, not gpt-live-1; session.delegation:"
                            + " sparrow-tiny delegates nothing to client; session.input_transcript: sparrow-tiny does"
                            + " not transcribe}");
        }
    }

    @Test
    void aToolIsCalledInSpeechAndItsOutputAnswered() throws Exception {
        Path model = CallingModel.write(folder.resolve("model"), CallingModel.ARGUMENTS);
        try (Running calling = Running.of(model, Running.OPTIONS);
                Client client = new Client(calling, "none")) {
            client.send("""
                    {"type":"session.start","session":{"model":"gpt-live-1","delegation":{"type":"responses","responses":{
                    "model":"gpt-5.6","tools":[{"type":"function","name":"get_weather"}]}}}}""");
            client.append(question(1)).append(new byte[48_000]);
            JsonNode call = client.awaitBackend("response.output_item.done").at("/event/item");
            client.awaitBackend("response.completed");
            client.send("{\"type\":\"response.item.create\",\"item\":{\"type\":\"function_call_output\",\"call_id\":\""
                    + call.get("call_id").asText() + "\",\"output\":\"" + CallingModel.OUTPUT + "\"}}");
            client.send("{\"type\":\"response.create\"}");
            client.await(ServerEvent::isSessionUsageUpdated);
            client.await(ServerEvent::isSessionUsageUpdated);
            client.send("{\"type\":\"session.close\"}");
            client.await(ServerEvent::isSessionClosed);

            assertThat(call.get("name").asText()).isEqualTo(CallingModel.NAME);
            assertThat(call.get("arguments").asText()).isEqualTo(CallingModel.ARGUMENTS);
            assertThat(client.words()).isEqualTo(CallingModel.WORD + CallingModel.ANSWER);
            assertThat(client.events).noneMatch(ServerEvent::isErrorEvent);
        }
    }

    @Test
    void aSessionBeginsWithItsStart() throws Exception {
        try (Client client = new Client(running, KEY)) {
            client.append(new byte[480]);
            assertThat(client.errorCode()).isEqualTo("session_not_started");
            client.send("{\"type\":\"session.start\",\"session\":{\"model\":\"llama\"}}");
            assertThat(client.errorCode()).isEqualTo("model_not_found");
            client.send(
                    "{\"type\":\"session.start\",\"session\":{\"model\":\"gpt-live-1\",\"audio\":{\"output\":{\"voice\":"
                            + "\"nobody\"}}}}");
            assertThat(client.errorCode()).isEqualTo("invalid_value");

            client.send(START);

            client.await(ServerEvent::isSessionStarted);
            client.send(START);
            assertThat(client.errorCode()).isEqualTo("session_already_started");
        }
    }

    @Test
    void anotherKeyOpensNothing() {
        assertThatThrownBy(() -> new Client(running, "wrong").close()).hasStackTraceContaining("401");
    }

    @Test
    void whoeverSendsNothingButMistakesIsLeft() throws Exception {
        try (Client client = new Client(running, KEY)) {
            for (int i = 0; i < 20; i++) {
                client.append(new byte[2]);
                assertThat(client.errorCode()).isEqualTo("session_not_started");
            }
            client.append(new byte[2]);
            // The client reports the close code, and may drop the last error because of it.
            assertThatThrownBy(() -> client.await(event -> false)).hasStackTraceContaining("1008");
        }
    }

    @Test
    void thePageHasAllEventsOfClients() throws Exception {
        String page = ServerPages.api();
        for (JsonSubTypes.Type kind :
                LiveEvent.class.getAnnotation(JsonSubTypes.class).value()) {
            for (String name : kind.names()) assertThat(page).contains("`" + name + "`");
            assertThat(page).contains("`" + kind.name());
        }
    }

    /** The program of docs/server-api.md, in real time. */
    @Tag("full")
    @Test
    void theJavaProgramOfThePageAsksAndWritesTheAnswer() throws Exception {
        Path question = folder.resolve("question.pcm");
        Path answer = folder.resolve("answer.pcm");
        Files.write(question, question(1));

        compiled(program("java", "LiveConnection")).invoke(null, (Object)
                new String[] {running.server.address() + "/v1", KEY, question.toString(), answer.toString()});

        assertThat(Files.size(answer) / 48_000.0).isBetween(2.0, 4.0);
    }

    private Method compiled(String program) throws Exception {
        Path source = folder.resolve("Ask.java");
        Files.writeString(source, program);
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        messages,
                        messages,
                        "-proc:none",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "-d",
                        folder.toString(),
                        source.toString());
        assertThat(code).as(messages.toString(StandardCharsets.UTF_8)).isZero();
        ClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, Thread.currentThread().getContextClassLoader());
        Method main = loader.loadClass("Ask").getDeclaredMethod("main", String[].class);
        main.setAccessible(true);
        return main;
    }

    /** The program of the page in a language in which a name occurs. */
    static String program(String language, String name) throws IOException {
        return Pattern.compile("```" + language + "\\R(.*?)```", Pattern.DOTALL)
                .matcher(ServerPages.api())
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains(name))
                .findFirst()
                .orElseThrow();
    }
}
