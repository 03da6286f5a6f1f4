package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.server.Running;
import sparrow.server.Wire;
import sparrow.server.audio.Pcm16;
import sparrow.server.page.TalkingServer;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** Many calls: their answers, latencies and memory, which are printed. The clients run in the same process. */
@Tag("full")
class CallLoadTest {
    private static final int QUESTIONS = Integer.getInteger("sparrow.calls.questions", 5);
    private static final int PEERS = 16;
    private static final int CALLS = 200;

    private TalkingServer.Own server;
    private URI address;

    @BeforeEach
    void start() throws IOException {
        server = TalkingServer.Own.start(Running.OPTIONS.withCalls(new UdpPort.Opener(), 0));
        address = server.address();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String percentiles(List<Double> ms) {
        List<Double> sorted = new ArrayList<>(ms);
        Collections.sort(sorted);
        return "p50 %.0f ms, p95 %.0f ms (n = %d)"
                .formatted(sorted.get(sorted.size() / 2), sorted.get(sorted.size() * 95 / 100), sorted.size());
    }

    /** Asks over a call. Returns the milliseconds from the end of the question to the first audible sample. */
    private static double ask(TestClient client, Waveform question, String answer) throws Exception {
        client.forget();
        long end = System.nanoTime() + (long) (question.seconds() * 1e9);
        client.say(question);
        assertThat(client.await("response.output_audio_transcript.done")
                        .get("transcript")
                        .asText())
                .isEqualTo(answer);
        client.await("output_audio_buffer.stopped");
        return (client.firstSound() - end) / 1e6;
    }

    @Test
    void theFirstSoundComesAboutAsEarlyAsOverAWebSocket() throws Exception {
        Waveform question = WavFile.read(Running.example(1));
        List<Double> calls = new ArrayList<>();
        List<Double> sockets = new ArrayList<>();
        try (TestClient client = new TestClient(address).awaitConnected();
                SocketTalker talker = new SocketTalker(address)) {
            for (int i = 0; i < QUESTIONS; i++) {
                calls.add(ask(client, question, "the capital of libya is tripoli. libya is in africa."));
                sockets.add(talker.ask(question));
            }
        }
        System.out.println("first sound over a call:      " + percentiles(calls));
        System.out.println("first sound over a WebSocket: " + percentiles(sockets));
        Collections.sort(calls);
        Collections.sort(sockets);
        assertThat(calls.get(QUESTIONS / 2)).isLessThan(sockets.get(QUESTIONS / 2) + 250);
    }

    @Test
    void sixteenCallsAreAnsweredAtOnce() throws Exception {
        Waveform question = WavFile.read(Running.example(11));
        askAtOnce(question); // compiles the model's code
        long before = usedHeap();
        int threads = Thread.activeCount();
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < PEERS; i++) clients.add(new TestClient(address).awaitConnected());
        for (TestClient client : clients) client.await("session.created");
        System.out.printf(
                "heap of %d idle calls, with their clients: %.0f KB each; platform threads: %d more%n",
                PEERS, (usedHeap() - before) / 1024.0 / PEERS, Thread.activeCount() - threads);
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Double>> tasks = new ArrayList<>();
            for (TestClient client : clients) {
                tasks.add(() -> ask(client, question, "there are sixty minutes in an hour."));
            }
            List<Double> ms = new ArrayList<>();
            for (Future<Double> one : pool.invokeAll(tasks)) ms.add(one.get());
            System.out.println("first sound of " + PEERS + " calls at once: " + percentiles(ms));
        }
        for (TestClient client : clients) client.close();
        System.out.println("first sound of " + PEERS + " WebSockets at once: " + percentiles(askAtOnce(question)));
    }

    private List<Double> askAtOnce(Waveform question) throws Exception {
        List<SocketTalker> talkers = new ArrayList<>();
        for (int i = 0; i < PEERS; i++) talkers.add(new SocketTalker(address));
        List<Double> ms = new ArrayList<>();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Double>> tasks = new ArrayList<>();
            for (SocketTalker talker : talkers) tasks.add(() -> talker.ask(question));
            for (Future<Double> one : pool.invokeAll(tasks)) ms.add(one.get());
        }
        for (SocketTalker talker : talkers) talker.close();
        return ms;
    }

    @Test
    void callsLeaveNothingBehind() throws Exception {
        long heap = 0;
        int threads = 0;
        for (int i = 0; i < CALLS; i++) {
            try (TestClient client = new TestClient(address).awaitConnected()) {
                client.await("session.created");
            }
            if (i == CALLS / 4) {
                heap = usedHeap();
                threads = Thread.getAllStackTraces().size();
            }
        }
        try (Wire wire = new Wire(address)) {
            Wire.until(() -> wire.get("/metrics").text().contains("sparrow_sessions_open{model=\"sparrow-tiny\"} 0"));
        }
        long grown = usedHeap() - heap;
        System.out.printf("heap after %d calls: %.1f MB more than after %d%n", CALLS, grown / 1e6, CALLS / 4);
        assertThat(grown).isLessThan(10_000_000);
        assertThat(Thread.getAllStackTraces().size()).isLessThanOrEqualTo(threads + 4);
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Talks over the WebSocket in real time. */
    private static final class SocketTalker implements WebSocket.Listener, AutoCloseable {
        private final HttpClient client = HttpClient.newHttpClient();
        private final WebSocket socket;
        private final StringBuilder frame = new StringBuilder();
        private volatile long firstSound;
        private volatile CompletableFuture<Void> done = new CompletableFuture<>();

        SocketTalker(URI server) throws Exception {
            URI address = URI.create("ws" + server.toString().substring(4)).resolve("/v1/realtime");
            socket = client.newWebSocketBuilder().buildAsync(address, this).get(10, TimeUnit.SECONDS);
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence piece, boolean last) {
            frame.append(piece);
            if (last) {
                String event = frame.toString();
                if (firstSound == 0 && event.contains("\"response.output_audio.delta\""))
                    firstSound = System.nanoTime();
                if (event.contains("\"type\":\"response.done\"")) done.complete(null);
                frame.setLength(0);
            }
            from.request(1);
            return null;
        }

        double ask(Waveform question) throws Exception {
            firstSound = 0;
            done = new CompletableFuture<>();
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(Pcm16.encode(question.at(24_000).samples()));
            all.writeBytes(new byte[48_000 * 4 / 5]);
            byte[] pcm = all.toByteArray();
            long begin = System.nanoTime();
            long end = begin + (long) (question.seconds() * 1e9);
            for (int at = 0; at < pcm.length; at += 960) {
                byte[] piece = java.util.Arrays.copyOfRange(pcm, at, Math.min(pcm.length, at + 960));
                String audio = Base64.getEncoder().encodeToString(piece);
                socket.sendText("{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + audio + "\"}", true)
                        .get(10, TimeUnit.SECONDS);
                LockSupport.parkNanos(begin + at / 960 * 20_000_000L - System.nanoTime());
            }
            done.get(60, TimeUnit.SECONDS);
            return (firstSound - end) / 1e6;
        }

        @Override
        public void close() {
            socket.abort();
            client.close();
        }
    }
}
