package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sparrow.server.call.CallPort;
import sparrow.speech.wave.Waveform;

/** Calls whose datagrams are observed, repeated and forged, or whose client or server behaves unusually. */
@Timeout(60)
class HostileNetworkTest {
    private UdpPort port;

    @BeforeEach
    void open() throws IOException {
        port = (UdpPort) new UdpPort.Opener().open(InetAddress.getLoopbackAddress(), 0);
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
        assertThat(echo.closed.poll(30, TimeUnit.SECONDS)).isEqualTo("the client hung up");
    }

    @Test
    void anAddressStaysWithItsCall() throws Exception {
        String first = port.answer(TestClient.offer(), new Echo());
        String second = port.answer(TestClient.offer(), new Echo());
        try (DatagramChannel channel = channel()) {
            byte[][] checks = {check(first), check(second), check(first)};
            for (byte[] check : checks) channel.write(ByteBuffer.wrap(check));

            assertThat(transaction(channel)).isEqualTo(transaction(checks[0]));
            assertThat(transaction(channel)).isEqualTo(transaction(checks[2]));
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
            client.vanish(); // the client's next check would select its own address again
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
            assertThat(echo.heard.poll(30, TimeUnit.SECONDS)).isNotNull();

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

            assertThat(echo.closed.poll(30, TimeUnit.SECONDS)).isEqualTo("the data channel failed");
        }
    }
}
