package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sparrow.server.call.CallPort;

/** A call that never begins. */
class PeerTest implements CallPort.Caller {
    private final List<String> closed = new ArrayList<>();
    private UdpPort port;
    private Peer peer;

    @BeforeEach
    void call() throws IOException {
        port = (UdpPort) new UdpPort.Opener().open(InetAddress.getLoopbackAddress(), 0);
        DtlsServer.Identity identity = new DtlsServer.Identity();
        peer = new Peer(port, Offer.read(TestClient.offer(identity.fingerprint())), this, identity);
    }

    @AfterEach
    void closePort() {
        port.close();
    }

    @Test
    void endsIfItIsNotConnectedWithin15Seconds() {
        peer.expire(System.nanoTime() + TimeUnit.SECONDS.toNanos(14));
        assertThat(closed).isEmpty();

        peer.expire(System.nanoTime() + TimeUnit.SECONDS.toNanos(16));
        peer.expire(System.nanoTime() + TimeUnit.SECONDS.toNanos(17));

        assertThat(closed).containsExactly("the call was not connected within 15 s");
        assertThat(peer.mayUse(new InetSocketAddress("127.0.0.1", 1))).isFalse();
    }

    @Test
    void isReachedFromAtMost64Addresses() {
        for (int i = 1; i <= 64; i++) {
            assertThat(peer.mayUse(new InetSocketAddress("127.0.0.1", i))).isTrue();
        }

        assertThat(peer.mayUse(new InetSocketAddress("127.0.0.1", 65))).isFalse();
        assertThat(peer.mayUse(new InetSocketAddress("127.0.0.1", 64))).isTrue();
    }

    @Test
    void hasUnguessableNames() throws IOException {
        DtlsServer.Identity identity = new DtlsServer.Identity();
        Peer other = new Peer(port, Offer.read(TestClient.offer(identity.fingerprint())), this, identity);

        assertThat(peer.user()).matches("[A-Za-z0-9]{8}").isNotEqualTo(other.user());
        assertThat(peer.password()).matches("[A-Za-z0-9]{32}").isNotEqualTo(other.password());
    }

    @Override
    public void opened(CallPort.Line line) {}

    @Override
    public void message(String text) {}

    @Override
    public void heard(byte[] samples) {}

    @Override
    public void fill(short[] frame) {}

    @Override
    public void closed(String reason) {
        closed.add(reason);
    }
}
