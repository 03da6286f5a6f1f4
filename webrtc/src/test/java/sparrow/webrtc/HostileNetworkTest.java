package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.server.call.CallPort;
import sparrow.speech.wave.Waveform;

/** Calls whose datagrams are observed, repeated and forged, or whose client or server behaves unusually. */
@Timeout(300)
class HostileNetworkTest {
    private UdpPort port;

    @BeforeEach
    void open() throws IOException {
        port = (UdpPort) new UdpPort.Opener().open(InetAddress.getLoopbackAddress(), 0, Optional.empty());
    }

    @AfterEach
    void close() {
        port.close();
    }

    /** The server's side of a call, which returns each message. */
    private static class Echo extends TestCaller {
        final BlockingQueue<byte[]> heard = new LinkedBlockingQueue<>();
        private CallPort.Line line;

        @Override
        public void opened(CallPort.Line opened) {
            line = opened;
        }

        @Override
        public void message(String text) {
            try {
                line.send(text);
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void heard(byte[] samples) {
            heard.add(samples);
        }
    }

    private static void exchange(TestClient client, String type) throws Exception {
        client.events.send("{\"type\":\"" + type + "\"}");
        client.events.await(type);
    }

    @Test
    void aForgedRecordWithoutRoomForItsTagIsIgnored() throws Exception {
        Echo echo = new Echo();
        try (TestClient client = new TestClient(port, echo).awaitConnected()) {
            for (int length = 0; length < 30; length++) {
                // A record of application data in epoch 1 with a sequence number that the client has not used.
                byte[] record = Arrays.copyOf(HexFormat.of().parseHex("17fefd000100000000ff"), 13 + length);
                ByteBuffer.wrap(record).put(10, (byte) length).putShort(11, (short) length);
                client.sendRaw(record);
                byte[] second = ByteBuffer.allocate(2 * record.length)
                        .put(record)
                        .put(record)
                        .array();
                client.sendRaw(second);
            }

            exchange(client, "hello");
            assertThat(echo.closed).isEmpty();
        }
    }

    /** Somebody who knows the client's address, but no key, writes the header of each record. */
    @Test
    void recordsWithAnyHeaderAreIgnored() throws Exception {
        Echo echo = new Echo();
        Random random = new Random(5);
        int[] types = {19, 20, 21, 22, 23, 24, 25, 26, 63};
        int[] versions = {0xfefd, 0xfeff, 0xfefe, 0xfefc, 0xfe00, 0x0303, 0, 0xffff};
        int[] epochs = {0, 1, 2, 0xffff};
        long[] numbers = {0, 255, (1L << 48) - 1};
        int[] lengths = {0, 1, 23, 24, 25, 40, 0xffff};
        try (TestClient client = new TestClient(port, echo).awaitConnected()) {
            for (int type : types) {
                for (int version : versions) {
                    for (int epoch : epochs) {
                        for (long number : numbers) {
                            for (int length : lengths)
                                client.sendRaw(record(type, version, epoch, number, length, random));
                        }
                        exchange(client, "hello"); // also leaves room in the socket's buffer
                    }
                }
            }

            assertThat(echo.closed).isEmpty();
        }
    }

    /** Returns a record with a random content of at most 40 bytes, whatever length its header announces. */
    private static byte[] record(int type, int version, int epoch, long number, int length, Random random) {
        byte[] content = new byte[Math.min(length, 40)];
        random.nextBytes(content);
        ByteBuffer out = ByteBuffer.allocate(13 + content.length);
        out.put((byte) type).putShort((short) version).putLong((long) epoch << 48 | number);
        return out.putShort((short) length).put(content).array();
    }

    /** Heap that the messages would need: 30 times 256 MB. */
    @Test
    void announcedLengthsOfUnfinishedHandshakesTakeNoMemory() throws Exception {
        long before = allocatedBytes();
        for (int datagrams : new int[] {30, 120}) {
            ByteBuffer record = ByteBuffer.allocate(13 + 16 * 12);
            record.put((byte) 22).putShort((short) 0xfefd).putLong(0).putShort((short) (16 * 12));
            for (int i = 0; i < 16; i++) {
                record.put((byte) 1)
                        .put((byte) 0xff)
                        .putShort((short) 0xffff)
                        .putShort((short) i)
                        .putInt(0)
                        .putShort((short) 0);
            }
            TestCaller caller = new TestCaller();
            List<byte[]> attack = new ArrayList<>();
            String answer = port.answer(TestClient.offer(), caller);
            attack.add(check(answer));
            for (int i = 0; i < datagrams; i++)
                attack.add(record.putLong(3, i).array().clone());
            try (DatagramChannel channel = channel();
                    TestClient client = new TestClient(port, new Echo())) {
                for (byte[] datagram : attack) channel.write(ByteBuffer.wrap(datagram));
                client.awaitConnected();
                exchange(client, "hello");
            }
            assertThat(caller.closed).isEmpty();
        }

        assertThat(allocatedBytes() - before).as("bytes").isLessThan(128 << 20);
    }

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
    }

    @Test
    void mutatedCopiesOfTheClientsDatagramsAreIgnored() throws Exception {
        Echo echo = new Echo();
        try (TestClient client = new TestClient(port, echo)) {
            client.forge(new Random(7));
            client.awaitConnected();
            client.audio.say(new Waveform(new float[CallPort.RATE_HZ], CallPort.RATE_HZ), 1);
            for (int i = 0; i < 200; i++) exchange(client, "message" + i);

            assertThat(echo.closed).isEmpty();
            assertThat(echo.heard.stream().mapToInt(samples -> samples.length).sum())
                    .as("bytes of audio")
                    .isBetween(2 * CallPort.FRAME, 4 * CallPort.RATE_HZ); // the server may drop some of it
        }
        assertThat(echo.closed.poll(5, TimeUnit.MINUTES)).isEqualTo("the client hung up");
    }

    /** The other calls send their checks from the client's address before the client does. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16})
    void otherCallsDoNotTakeAClientsAddress(int calls) throws Exception {
        List<byte[]> checks = new ArrayList<>();
        for (int i = 0; i < calls; i++) checks.add(check(port.answer(TestClient.offer(), new TestCaller())));
        TestClient.Signalling signalling = offer -> port.answer(offer, new Echo());
        try (TestClient client = new TestClient(signalling, Integer.MAX_VALUE, checks).awaitConnected()) {
            exchange(client, "hello");
            for (byte[] check : checks) client.sendRaw(check);
            exchange(client, "hello again");
        }
    }

    /** Each round reports to the call that 8 s have passed since a repeated check was sent. */
    @Test
    void repeatedChecksDoNotKeepAVanishedClientsCall() throws Exception {
        Echo echo = new Echo();
        try (TestClient client = new TestClient(port, echo).awaitConnected();
                DatagramChannel other = channel()) {
            exchange(client, "hello");
            byte[] check = client.selection();
            client.vanish();
            for (int i = 0; i < 1000 && echo.closed.isEmpty(); i++) {
                long sent = System.nanoTime();
                other.write(ByteBuffer.wrap(check));
                transaction(other);
                ((Peer) echo.line).expire(sent + TimeUnit.SECONDS.toNanos(8));
            }

            assertThat(echo.closed).containsExactly("the client could not be reached for 8 s");
        }
    }

    private DatagramChannel channel() throws IOException {
        return DatagramChannel.open().connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.port()));
    }

    private static byte[] check(String answer) {
        return TestClient.check(TestClient.attribute(answer, "ice-ufrag"), TestClient.attribute(answer, "ice-pwd"));
    }

    private static byte[] transaction(byte[] message) {
        return Arrays.copyOfRange(message, 8, 20);
    }

    private static byte[] transaction(DatagramChannel channel) throws IOException {
        ByteBuffer response = ByteBuffer.allocate(2048);
        channel.read(response);
        assertThat(response.getShort(0)).isEqualTo((short) 0x0101);
        return transaction(response.array());
    }

    @Test
    void aRepeatedCheckDoesNotDivertTheCall() throws Exception {
        try (TestClient client = new TestClient(port, new Echo()).awaitConnected();
                DatagramChannel other = channel()) {
            client.stopChecks(); // the client's next check would select its own address again
            other.write(ByteBuffer.wrap(client.selection()));
            transaction(other);

            exchange(client, "hello");
        }
    }

    @Test
    void theCallFollowsItsClientToAnotherAddress() throws Exception {
        Echo echo = new Echo();
        try (TestClient client = new TestClient(port, echo).awaitConnected()) {
            client.move();
            client.audio.say(new Waveform(new float[CallPort.FRAME], CallPort.RATE_HZ), 1);
            assertThat(echo.heard.poll(5, TimeUnit.MINUTES)).isNotNull();

            exchange(client, "hello");
        }
    }

    @Test
    void aClientThatOnlySendsReceivesReportsButNoAudio() throws Exception {
        TestClient.Signalling sending =
                offer -> port.answer(offer.replace("a=mid:0", "a=mid:0\na=sendonly"), new Echo());
        try (TestClient client = new TestClient(sending);
                TestClient other = new TestClient(port, new Echo())) {
            assertThat(client.audio.packetsWithReport()).isZero();
            assertThat(other.audio.packetsWithReport()).isPositive();
        }
    }

    @Test
    void anErrorOfTheServerEndsTheCall() throws Exception {
        Echo echo = new Echo() {
            @Override
            public void message(String text) {
                throw new AssertionError("thrown by the test");
            }
        };
        try (TestClient client = new TestClient(port, echo).awaitConnected()) {
            client.events.send("{}");

            assertThat(echo.closed.poll(5, TimeUnit.MINUTES)).isEqualTo("the data channel failed");
        }
    }
}
