package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.models.pool.PoolOptions;
import sparrow.server.Running;
import sparrow.server.call.CallPort;
import sparrow.speech.wave.Waveform;

/** Requests while calls are flooded. The floods are as large as a connection of 75 KB/s, or of four times as much, makes. */
@Tag("full")
@Timeout(120)
class CallFloodTest {
    private static final Duration FLOOD = Duration.ofSeconds(5);
    private static final int FRAGMENTS = 56;

    private Running running;
    private volatile boolean ended;

    @BeforeEach
    void start() throws Exception {
        running = new Running(Running.OPTIONS.withCalls(new UdpPort.Opener(), 0), PoolOptions.DEFAULT);
    }

    @AfterEach
    void stop() {
        ended = true;
        running.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {75_000, 300_000})
    void fragmentsOfUnfinishedHandshakesDelayNoRequests(int bytesPerSecond) throws Exception {
        List<Thread> floods = new ArrayList<>();
        for (int i = 0; i < 2; i++) floods.add(Thread.ofPlatform().daemon().start(() -> sendFragments(bytesPerSecond)));

        assertThat(slowestRequest()).as("ms").isLessThan(2_000);
        ended = true;
        for (Thread flood : floods) flood.join();
    }

    /** Sends fragments of one byte with gaps of one byte, of a message of 16 MB. */
    private void sendFragments(int bytesPerSecond) {
        URI server = running.server.address();
        try (DatagramChannel channel = DatagramChannel.open()) {
            String answer = TestClient.post(server, TestClient.offer());
            String[] candidate = TestClient.attribute(answer, "candidate").split(" ");
            channel.connect(new InetSocketAddress(InetAddress.getByName(candidate[4]), Integer.parseInt(candidate[5])));
            channel.write(ByteBuffer.wrap(TestClient.check(
                    TestClient.attribute(answer, "ice-ufrag"), TestClient.attribute(answer, "ice-pwd"))));
            int offset = 0;
            for (long i = 0; !ended; i++) {
                ByteBuffer out = ByteBuffer.allocate(13 + 13 * FRAGMENTS);
                out.put((byte) 22).putShort((short) 0xfefd).putLong(i).putShort((short) (13 * FRAGMENTS));
                for (int j = 0; j < FRAGMENTS; j++, offset += 2) {
                    out.putInt(1 << 24 | 0xffffff).putShort((short) 0);
                    out.put((byte) (offset >> 16)).putShort((short) offset);
                    out.put((byte) 0).putShort((short) 1).put((byte) 0);
                }
                channel.write(out.flip());
                LockSupport.parkNanos(1_000_000_000L * out.capacity() / bytesPerSecond);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {75_000, 300_000})
    void numbersWithGapsDelayNoRequests(int bytesPerSecond) throws Exception {
        try (TestClient first = new TestClient(running.server.address()).awaitConnected();
                TestClient second = new TestClient(running.server.address()).awaitConnected()) {
            List<Thread> floods = new ArrayList<>();
            for (TestClient client : List.of(first, second)) {
                client.audio.say(new Waveform(new float[1], CallPort.RATE_HZ), 1);
                floods.add(Thread.ofPlatform().daemon().start(() -> {
                    byte[] packet = RtpTest.longPacket(new RtpSender(111, 12_345).next(RtpTest.sweep(0)));
                    for (int i = 0; !ended; i++) {
                        int number = 1000 + 24 * i;
                        ByteBuffer.wrap(packet).putShort(2, (short) number).putInt(4, 5760 * number);
                        client.audio.sendPacket(packet);
                        LockSupport.parkNanos(1_000_000_000L * packet.length / bytesPerSecond);
                    }
                }));
            }

            assertThat(slowestRequest()).as("ms").isLessThan(2_000);
            ended = true;
            for (Thread flood : floods) flood.join();
        }
    }

    /** Sends requests for a while, and returns the duration of the slowest one in milliseconds. */
    private long slowestRequest() throws Exception {
        long slowest = 0;
        HttpRequest request = HttpRequest.newBuilder(running.server.address().resolve("/healthz"))
                .build();
        try (HttpClient client = HttpClient.newBuilder()
                .executor(command -> Thread.ofPlatform().daemon().start(command))
                .build()) {
            client.send(request, HttpResponse.BodyHandlers.discarding()); // loads the classes
            for (long end = System.nanoTime() + FLOOD.toNanos(); System.nanoTime() < end; ) {
                long begin = System.nanoTime();
                client.send(request, HttpResponse.BodyHandlers.discarding());
                slowest = Math.max(slowest, (System.nanoTime() - begin) / 1_000_000);
            }
        }
        System.out.println("slowest request: " + slowest + " ms");
        return slowest;
    }
}
