package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.server.Running;
import sparrow.server.Wire;
import sparrow.server.audio.Pcm16;
import sparrow.server.call.CallPort;
import sparrow.server.page.TalkingServer;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/**
 * Many calls: their answers, latencies, processor time and memory, which are printed. The server has its own process, and
 * the clients encode their question only once.
 */
@Tag("full")
class CallLoadTest {
    private static final int ROUNDS = Integer.getInteger("sparrow.calls.rounds", 2);
    private static final int PEERS = 16;
    private static final int CALLS = 200;
    private static final int RESTARTED = 20;

    private static final int QUESTION = 11;
    private static final String ANSWER = "there are sixty minutes in an hour.";

    private Server server;
    private URI address;

    /** A server in its own process. */
    private static final class Server implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;
        final URI address;

        Server() throws IOException {
            String classPath = System.getProperty("java.class.path");
            process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-Xmx2g",
                            "--add-modules=jdk.incubator.vector",
                            "--enable-native-access=ALL-UNNAMED",
                            "-Dsparrow.testdata=" + System.getProperty("sparrow.testdata"),
                            "-cp",
                            System.getProperty("sparrow.calls.classpath", classPath),
                            Main.class.getName())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            out = process.inputReader();
            address = URI.create(out.readLine());
        }

        /** Serves until its input ends. Prints the size of its heap after each line of input. */
        static final class Main {
            public static void main(String[] args) throws IOException {
                try (TalkingServer server = TalkingServer.Own.start(Running.OPTIONS
                        .withMaxSessions(64)
                        .withDrain(Duration.ZERO)
                        .withCalls(new UdpPort.Opener(), 0))) {
                    System.out.println(server.address());
                    while (System.in.read() >= 0) {
                        for (int i = 0; i < 4; i++) System.gc();
                        System.out.println(Runtime.getRuntime().totalMemory()
                                - Runtime.getRuntime().freeMemory());
                    }
                }
            }
        }

        long heap() throws IOException {
            process.getOutputStream().write(1);
            process.getOutputStream().flush();
            return Long.parseLong(out.readLine());
        }

        double seconds() {
            return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            process.onExit()
                    .orTimeout(5, TimeUnit.MINUTES)
                    .exceptionally(_ -> process.destroyForcibly())
                    .join();
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = new Server();
        address = server.address;
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static List<byte[]> packets(Waveform question) {
        float[] samples = Arrays.copyOf(
                question.at(CallPort.RATE_HZ).samples(), (int) ((question.seconds() + 0.8) * CallPort.RATE_HZ));
        RtpSender encoder = new RtpSender(111, 12_345);
        List<byte[]> packets = new ArrayList<>();
        for (int from = 0; from + CallPort.FRAME <= samples.length; from += CallPort.FRAME) {
            short[] frame = new short[CallPort.FRAME];
            for (int i = 0; i < frame.length; i++) frame[i] = (short) (samples[from + i] * 32_767);
            packets.add(encoder.next(frame));
        }
        return packets;
    }

    /** Asks over a call. Returns the milliseconds from the end of the question to the first audible sample. */
    private static double ask(TestClient client, List<byte[]> packets, double seconds) throws Exception {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        client.audio.spoken.addAll(packets);
        LockSupport.parkNanos(end - System.nanoTime());
        client.audio.forget(); // the last packets of the previous answer may have arrived after it was reported as sent
        assertThat(client.events
                        .await("response.output_audio_transcript.done")
                        .get("transcript")
                        .asText())
                .isEqualTo(ANSWER);
        client.events.await("output_audio_buffer.stopped");
        return (client.audio.firstSound() - end) / 1e6;
    }

    /** The latencies of questions, and the server's processor time. */
    private final class Load {
        private final List<Double> ms = new ArrayList<>();
        private double seconds;
        private double minutes;

        /** Asks questions at once. */
        void add(List<Callable<Double>> questions) throws Exception {
            double before = server.seconds();
            long begin = System.nanoTime();
            try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<Double> one : pool.invokeAll(questions)) ms.add(one.get());
            }
            seconds += server.seconds() - before;
            minutes += questions.size() * (System.nanoTime() - begin) / 60e9;
        }

        @Override
        public String toString() {
            Collections.sort(ms);
            return "first sound p50 %.0f ms, p95 %.0f ms (n = %d); %.2f s of processor time per call-minute"
                    .formatted(ms.get(ms.size() / 2), ms.get(ms.size() * 95 / 100), ms.size(), seconds / minutes);
        }
    }

    @Test
    void sixteenCallsAreAnsweredAtOnce() throws Exception {
        Waveform question = WavFile.read(Running.example(QUESTION));
        List<byte[]> packets = packets(question);
        List<SocketTalker> talkers = new ArrayList<>();
        List<TestClient> clients = new ArrayList<>();
        long none = server.heap();
        for (int i = 0; i < PEERS; i++) talkers.add(new SocketTalker(address));
        long half = server.heap();
        for (int i = 0; i < PEERS; i++) clients.add(new TestClient(address).awaitConnected());
        for (TestClient client : clients) client.events.await("session.created");
        for (TestClient client : clients) client.audio.switchMicrophoneOn(packets.getLast());
        long all = server.heap();
        System.out.printf("heap of %d idle WebSockets: %.0f KB each%n", PEERS, (half - none) / 1024.0 / PEERS);
        System.out.printf("heap of %d idle calls: %.0f KB each%n", PEERS, (all - half) / 1024.0 / PEERS);
        IntFunction<List<Callable<Double>>> calling = count -> clients.subList(0, count).stream()
                .map(client -> (Callable<Double>) () -> ask(client, packets, question.seconds()))
                .toList();
        IntFunction<List<Callable<Double>>> talking = count -> talkers.subList(0, count).stream()
                .map(talker -> (Callable<Double>) () -> talker.ask(question))
                .toList();
        // The JVM compiles the server while the first questions are answered.
        new Load().add(calling.apply(PEERS));
        new Load().add(talking.apply(PEERS));
        for (int count : new int[] {1, 4, PEERS}) {
            Load calls = new Load();
            Load sockets = new Load();
            for (int round = 0; round < ROUNDS * (count == 1 ? 3 : 1); round++) {
                calls.add(calling.apply(count));
                sockets.add(talking.apply(count));
            }
            System.out.printf("%2d calls:      %s%n", count, calls);
            System.out.printf("%2d WebSockets: %s%n", count, sockets);
        }
        double before = server.seconds();
        long begin = System.nanoTime();
        Thread.sleep(10_000); // a duration to be measured
        System.out.printf(
                "%d silent calls: %.2f s of processor time per call-minute%n",
                PEERS, (server.seconds() - before) / (PEERS * (System.nanoTime() - begin) / 60e9));
        for (TestClient client : clients) client.close();
        for (SocketTalker talker : talkers) talker.close();
    }

    @Test
    void answersAreHeardToTheirEndIfTheServerStops() throws Exception {
        // A question that is spoken on a loaded machine may have gaps.
        String question =
                SocketTalk.item("{\"type\":\"input_text\",\"text\":\"how many minutes are there in an hour?\"}");
        int whole = audibleFrames(SocketTalk.answer(address, question));
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < RESTARTED; i++) clients.add(new TestClient(address).awaitConnected());
        for (TestClient client : clients) {
            client.events.send(question);
            client.events.send(SocketTalk.RESPOND);
        }
        for (TestClient client : clients) client.events.await("output_audio_buffer.started");
        server.close();

        for (TestClient client : clients) client.events.await("output_audio_buffer.stopped");
        List<Integer> heard = clients.stream()
                .map(client -> client.audio.audibleFrames().size())
                .toList();
        System.out.printf("frames heard while the server stopped, of %d: %s%n", whole, heard);
        // Opus can make the quietest frame inaudible. Pauses on a loaded machine divide frames.
        assertThat(heard).allSatisfy(frames -> assertThat(frames).isGreaterThanOrEqualTo(whole - 1));
        for (TestClient client : clients) client.close();
    }

    private static int audibleFrames(Waveform answer) {
        float[] samples = answer.samples();
        int audible = 0;
        for (int from = 0; from < samples.length; from += CallPort.FRAME) {
            float peak = 0;
            for (int i = from; i < Math.min(from + CallPort.FRAME, samples.length); i++) {
                peak = Math.max(peak, Math.abs(samples[i]));
            }
            if (peak * 32_768 > TestAudio.AUDIBLE) audible++;
        }
        return audible;
    }

    @Test
    void callsLeaveNothingBehind() throws Exception {
        long heap = 0;
        for (int i = 0; i < CALLS; i++) {
            try (TestClient client = new TestClient(address).awaitConnected()) {
                client.events.await("session.created");
            }
            if (i == CALLS / 4) heap = server.heap();
        }
        try (Wire wire = new Wire(address)) {
            Wire.until(() -> wire.get("/metrics").text().contains("sparrow_sessions_open{model=\"sparrow-tiny\"} 0"));
        }
        long grown = server.heap() - heap;
        System.out.printf("heap after %d calls: %.1f MB more than after %d%n", CALLS, grown / 1e6, CALLS / 4);
        assertThat(grown).isLessThan(10_000_000);
    }

    /** Talks over the WebSocket in real time. */
    private static final class SocketTalker implements WebSocket.Listener, AutoCloseable {
        private static final ObjectMapper JSON = new ObjectMapper();

        private final HttpClient client = HttpClient.newHttpClient();
        private final WebSocket socket;
        private final StringBuilder frame = new StringBuilder();
        private volatile long firstSound;
        private volatile CompletableFuture<Void> done = new CompletableFuture<>();

        // When a player that plays each sample at once, or after the earlier ones, has played all samples so far.
        private long played;

        SocketTalker(URI server) throws Exception {
            URI address = URI.create("ws" + server.toString().substring(4)).resolve("/v1/realtime");
            socket = client.newWebSocketBuilder().buildAsync(address, this).get(5, TimeUnit.MINUTES);
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence piece, boolean last) {
            frame.append(piece);
            if (last) {
                String event = frame.toString();
                if (firstSound == 0 && event.contains("\"response.output_audio.delta\"")) listen(event);
                if (event.contains("\"type\":\"response.done\"")) done.complete(null);
                frame.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void listen(String event) {
            try {
                JsonNode delta = JSON.readTree(event);
                byte[] pcm = Base64.getDecoder().decode(delta.get("delta").asText());
                long begin = Math.max(played, System.nanoTime());
                int samples = pcm.length / 2;
                for (int i = 0; i < samples && firstSound == 0; i++) {
                    int sample = (short) (pcm[2 * i] & 0xff | pcm[2 * i + 1] << 8);
                    if (Math.abs(sample) > TestAudio.AUDIBLE) firstSound = begin + at(i);
                }
                played = begin + at(samples);
            } catch (IOException e) {
                done.completeExceptionally(e);
            }
        }

        private static long at(int samples) {
            return samples * 1_000_000_000L / CallPort.RATE_HZ;
        }

        double ask(Waveform question) throws Exception {
            firstSound = 0;
            played = 0;
            done = new CompletableFuture<>();
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(Pcm16.encode(question.at(CallPort.RATE_HZ).samples()));
            all.writeBytes(new byte[2 * CallPort.RATE_HZ * 4 / 5]);
            byte[] pcm = all.toByteArray();
            long begin = System.nanoTime();
            long end = begin + (long) (question.seconds() * 1e9);
            int frame = 2 * CallPort.FRAME;
            for (int at = 0; at < pcm.length; at += frame) {
                byte[] piece = Arrays.copyOfRange(pcm, at, Math.min(pcm.length, at + frame));
                String audio = Base64.getEncoder().encodeToString(piece);
                socket.sendText("{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + audio + "\"}", true)
                        .get(5, TimeUnit.MINUTES);
                LockSupport.parkNanos(begin + at / frame * 20_000_000L - System.nanoTime());
            }
            done.get(5, TimeUnit.MINUTES);
            return (firstSound - end) / 1e6;
        }

        @Override
        public void close() {
            socket.abort();
            client.close();
        }
    }
}
