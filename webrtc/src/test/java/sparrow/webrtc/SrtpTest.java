package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Checks against the published test vectors of libsrtp. */
class SrtpTest {
    private static final byte[] KEY = bytes("e1f97a0d3e018be0d64fa32c06de4139");
    private static final byte[] SALT = bytes("0ec675ad498afeebb6960b3aabe6");
    private static final byte[] RTP = bytes("800f1234decafbadcafebabe" + "ab".repeat(16));
    private static final byte[] SRTP =
            bytes("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb");
    private static final byte[] RTCP = bytes("81c8000bcafebabe" + "ab".repeat(16));
    private static final byte[] SRTCP =
            bytes("81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798");

    private final Srtp sender = new Srtp(KEY, SALT);
    private final Srtp receiver = new Srtp(KEY, SALT);

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static byte[] packet(int sequence) {
        byte[] packet = RTP.clone();
        ByteBuffer.wrap(packet).putShort(2, (short) sequence);
        return packet;
    }

    private Optional<byte[]> received(byte[] datagram) {
        return receiver.unprotect(datagram, datagram.length);
    }

    @Test
    void packetsAreEncryptedAsPublished() {
        assertThat(sender.protect(RTP)).isEqualTo(SRTP);
        assertThat(sender.protectControl(RTCP)).isEqualTo(SRTCP);
        assertThat(received(SRTP)).contains(RTP);
        assertThat(receiver.unprotectControl(SRTCP, SRTCP.length)).contains(RTCP);
    }

    @Test
    void aPacketIsAcceptedOnce() {
        assertThat(received(SRTP)).isPresent();
        assertThat(received(SRTP)).isEmpty();
        assertThat(receiver.unprotectControl(SRTCP, SRTCP.length)).isPresent();
        assertThat(receiver.unprotectControl(SRTCP, SRTCP.length)).isEmpty();
    }

    @Test
    void aPacketWithAnyOtherBitIsRefused() {
        for (int bit = 0; bit < 8 * SRTP.length; bit++) {
            byte[] forged = SRTP.clone();
            forged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(received(forged)).as("bit %d", bit).isEmpty();
        }
        for (int length = 0; length < SRTP.length; length++) {
            assertThat(receiver.unprotect(SRTP, length)).as("%d bytes", length).isEmpty();
            assertThat(receiver.unprotectControl(SRTCP, Math.min(length, SRTCP.length - 1)))
                    .isEmpty();
        }
        assertThat(received(SRTP)).isPresent();
    }

    @Test
    void sequenceNumbersWrapAround() {
        for (int i = 65_000; i < 66_500; i++) {
            byte[] datagram = sender.protect(packet(i));
            if (i % 3 != 0) assertThat(received(datagram)).as("%d", i).contains(packet(i));
        }
    }

    @Test
    void latePacketsOfTheLastCycleAreDecrypted() {
        byte[] late = sender.protect(packet(65_535));
        byte[] first = sender.protect(packet(65_534 + 3));
        assertThat(received(new Srtp(KEY, SALT).protect(packet(65_530)))).isPresent();
        assertThat(received(first)).isPresent();
        assertThat(received(late)).contains(packet(65_535));
    }

    @Test
    void aSecondStreamIsRefused() {
        assertThat(received(SRTP)).isPresent();
        byte[] other = packet(0x1235);
        ByteBuffer.wrap(other).putInt(8, 1);

        assertThat(received(sender.protect(other))).isEmpty();
    }

    @Test
    void headersWithSourcesAndExtensionsAreNotEncrypted() {
        byte[] extended = Arrays.copyOf(RTP, 40);
        extended[0] = (byte) 0x91;
        ByteBuffer.wrap(extended).putShort(18, (short) 2);
        byte[] datagram = sender.protect(extended);

        assertThat(Arrays.copyOf(datagram, 28)).isEqualTo(Arrays.copyOf(extended, 28));
        assertThat(received(datagram)).contains(extended);
        ByteBuffer.wrap(extended).putShort(18, (short) 9);
        assertThat(Srtp.rtpHeader(extended, extended.length)).isEqualTo(-1);
    }
}
