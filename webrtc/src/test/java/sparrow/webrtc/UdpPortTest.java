package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.server.call.CallPort;

/** Calls to a port without a server. */
class UdpPortTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final TestCaller caller = new TestCaller();

    private static CallPort open(InetAddress address) throws IOException {
        return new UdpPort.Opener().open(address, 0, Optional.empty());
    }

    private static List<InetAddress> candidates(CallPort port) throws IOException {
        return port.answer(TestClient.offer(), new TestCaller())
                .lines()
                .filter(line -> line.startsWith("a=candidate:"))
                .map(line -> new InetSocketAddress(line.split(" ")[4], 0).getAddress())
                .distinct()
                .toList();
    }

    @Test
    void aPortOfOneAddressOffersOnlyThisAddress() throws IOException {
        try (CallPort port = open(LOOPBACK)) {
            assertThat(candidates(port)).containsExactly(LOOPBACK);
        }
    }

    @Test
    void aPortOfAllAddressesOffersTheAddressesOfThisMachine() throws IOException {
        try (CallPort port = open(InetAddress.getByName("0.0.0.0"))) {
            assertThat(candidates(port)).contains(LOOPBACK).allSatisfy(address -> {
                assertThat(address.isAnyLocalAddress()).isFalse();
                new DatagramSocket(0, address).close(); // only possible with an own address
            });
        }
    }

    @Test
    void anAnnouncedAddressIsOfferedInsteadOfTheOwnOnes() throws IOException {
        InetAddress announced = InetAddress.getByName("192.0.2.7");
        try (CallPort port = new UdpPort.Opener().open(LOOPBACK, 0, Optional.of(announced))) {
            assertThat(candidates(port)).containsExactly(announced);
        }
    }

    @Test
    void aPortThatIsTakenIsNotOpened() throws IOException {
        try (CallPort port = open(LOOPBACK)) {
            assertThatThrownBy(() -> new UdpPort.Opener().open(LOOPBACK, port.port(), Optional.empty()))
                    .isInstanceOf(BindException.class);
        }
    }

    /** A server that sent checks to a client's candidates could be used to attack other machines. */
    @Test
    void nothingIsSentToTheCandidatesOfAnOffer() throws Exception {
        try (CallPort port = open(LOOPBACK);
                DatagramSocket foreign = new DatagramSocket(0, LOOPBACK)) {
            String candidate =
                    "a=mid:0\na=candidate:1 1 udp 2130706431 127.0.0.1 %d typ host\n".formatted(foreign.getLocalPort());
            TestClient.Signalling signalling = offer -> port.answer(offer.replace("a=mid:0\n", candidate), caller);
            try (TestClient client = new TestClient(signalling)) {
                client.awaitConnected();
                foreign.setSoTimeout(300);

                assertThatThrownBy(() -> foreign.receive(new DatagramPacket(new byte[2000], 2000)))
                        .isInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    @Test
    void datagramsFromAnAddressWithoutAValidCheckAreNotAnswered() throws Exception {
        try (CallPort port = open(LOOPBACK);
                DatagramSocket foreign = new DatagramSocket(0, LOOPBACK);
                TestClient client = new TestClient(offer -> port.answer(offer, caller))) {
            client.awaitConnected();
            byte[] check = new byte[20];
            check[1] = 1;
            byte[] handshake = new byte[200];
            handshake[0] = 22;
            byte[] audio = new byte[200];
            audio[0] = (byte) 0x80;
            for (byte[] datagram : List.of(check, handshake, audio)) {
                foreign.send(new DatagramPacket(datagram, datagram.length, LOOPBACK, port.port()));
            }
            foreign.setSoTimeout(300);

            assertThatThrownBy(() -> foreign.receive(new DatagramPacket(new byte[2000], 2000)))
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(caller.closed).isEmpty();
        }
    }

    /** Its checks are answered, but the client sends only two datagrams of the handshake. */
    @Test
    @Tag("full")
    void aCallWhoseHandshakeIsNeverFinishedEndsAfter15Seconds() throws Exception {
        try (CallPort port = open(LOOPBACK);
                TestClient client = new TestClient(offer -> port.answer(offer, caller), 2, List.of())) {
            assertThat(caller.closed.poll(5, TimeUnit.MINUTES))
                    .containsAnyOf("not connected within 15 s", "handshake failed");
            assertThat(client.audio.audibleFrames()).isEmpty();
        }
    }
}
