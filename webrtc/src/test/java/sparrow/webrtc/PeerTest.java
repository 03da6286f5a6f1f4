package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A call that never begins. */
class PeerTest {
    private final TestCaller caller = new TestCaller();
    private UdpPort port;
    private Peer peer;

    @BeforeEach
    void openPort() throws IOException {
        port = (UdpPort) new UdpPort.Opener().open(InetAddress.getLoopbackAddress(), 0, Optional.empty());
        peer = call();
    }

    private Peer call() {
        return new Peer(port, Offer.read(TestClient.offer()), caller, new DtlsServer.Identity());
    }

    @AfterEach
    void closePort() {
        port.close();
    }

    @Test
    void endsIfNoCheckArrivesWithinFiveSeconds() {
        peer.expire(System.nanoTime() + TimeUnit.SECONDS.toNanos(4));
        assertThat(caller.closed).isEmpty();

        peer.expire(System.nanoTime() + TimeUnit.SECONDS.toNanos(6));

        assertThat(caller.closed).containsExactly("no check arrived within 5 s");
    }

    @Test
    void endsIfItIsNotConnectedWithin15Seconds() {
        peer.checked(new InetSocketAddress("127.0.0.1", 1), true);
        peer.expire(System.nanoTime() + TimeUnit.SECONDS.toNanos(14));
        assertThat(caller.closed).isEmpty();

        peer.expire(System.nanoTime() + TimeUnit.SECONDS.toNanos(16));
        peer.expire(System.nanoTime() + TimeUnit.SECONDS.toNanos(17));

        assertThat(caller.closed).containsExactly("the call was not connected within 15 s");
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
    void hasUnguessableNames() {
        Peer other = call();

        assertThat(peer.user()).matches("[A-Za-z0-9]{8}").isNotEqualTo(other.user());
        assertThat(peer.password()).matches("[A-Za-z0-9]{32}").isNotEqualTo(other.password());
    }
}
