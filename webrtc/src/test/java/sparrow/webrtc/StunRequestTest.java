package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Checks against the test vectors of RFC 5769. */
class StunRequestTest {
    private static final String PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";
    private static final byte[] REQUEST = HexFormat.of()
            .parseHex("000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74"
                    + "002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020"
                    + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf");

    private static Optional<StunRequest> read(byte[] datagram, int length) {
        return StunRequest.read(datagram, length, Map.of("evtj", PASSWORD)::get);
    }

    @Test
    void theUserIsKnownByTheFirstPartOfItsName() {
        StunRequest request = read(REQUEST, REQUEST.length).orElseThrow();

        assertThat(request.user()).isEqualTo("evtj");
        assertThat(request.transaction()).isEqualTo(Arrays.copyOfRange(REQUEST, 8, 20));
        assertThat(request.nominates()).isFalse();
    }

    @Test
    void damagedRequestsAreIgnored() {
        for (int i = 0; i < REQUEST.length - 8; i++) {
            byte[] damaged = REQUEST.clone();
            damaged[i] ^= 1;
            assertThat(read(damaged, damaged.length)).as("byte %d", i).isEmpty();
            assertThat(read(REQUEST, i)).as("%d bytes", i).isEmpty();
        }
        assertThat(StunRequest.read(REQUEST, REQUEST.length, _ -> null)).isEmpty();
        assertThat(StunRequest.read(REQUEST, REQUEST.length, _ -> "another")).isEmpty();
    }

    @Test
    void theResponseReportsTheSource() throws UnknownHostException {
        InetAddress four = InetAddress.getByName("192.0.2.1");
        InetAddress six = InetAddress.getByName("2001:db8:1234:5678:11:2233:4455:6677");
        StunRequest request = read(REQUEST, REQUEST.length).orElseThrow();

        // The responses of the RFC also have the attribute SOFTWARE.
        assertThat(HexFormat.of().formatHex(request.response(new InetSocketAddress(four, 32_853))))
                .startsWith("0101002c2112a442b7e7a701bc34d686fa87dfae002000080001a147e112a64300080014");
        assertThat(HexFormat.of().formatHex(request.response(new InetSocketAddress(six, 32_853))))
                .contains("002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d900080014");
    }
}
