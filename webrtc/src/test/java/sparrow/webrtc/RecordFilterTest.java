package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes to Bouncy Castle before, during and after a handshake. */
class RecordFilterTest {
    private static final int HELLO = 1;
    private static final int CERTIFICATE = 11;

    private final AtomicLong reserved = new AtomicLong();
    private final RecordFilter filter = new RecordFilter(bytes -> {
        reserved.addAndGet(bytes);
        return true;
    });

    private static byte[] record(int type, int version, int epoch, byte[] content) {
        ByteBuffer out = ByteBuffer.allocate(13 + content.length);
        out.put((byte) type)
                .putShort((short) version)
                .putLong((long) epoch << 48)
                .putShort((short) content.length);
        return out.put(content).array();
    }

    private static byte[] fragment(int type, int length, int number, int offset, int bytes) {
        ByteBuffer out = ByteBuffer.allocate(12 + bytes);
        out.putInt(type << 24 | length).putShort((short) number);
        out.put((byte) (offset >> 16)).putShort((short) offset);
        return out.put((byte) (bytes >> 16)).putShort((short) bytes).array();
    }

    private boolean passes(byte[] record) {
        return filter.accept(record) == record.length;
    }

    private boolean passesFragment(int type, int length, int number, int offset, int bytes) {
        return passes(record(22, 0xfefd, 0, fragment(type, length, number, offset, bytes)));
    }

    @ParameterizedTest
    @CsvSource({
        "22, fefd, 0, true", "22, feff, 0, true", "22, fefe, 0, false", "22, 0303, 0, false", "22, fefd, 2, false",
        "20, fefd, 0, true", "21, fefd, 0, true", "23, fefd, 0, false", "24, fefd, 0, false", "25, fefd, 1, false",
        "22, fefd, 1, true", "23, fefd, 1, true", "23, fefe, 1, false", "23, feff, 1, false", "23, fefd, 65535, false"
    })
    void onlyTypesVersionsAndEpochsOfTheCallPass(int type, String version, int epoch, boolean passes) {
        byte[] content = fragment(HELLO, 100, 0, 0, 100);

        assertThat(passes(record(type, Integer.parseInt(version, 16), epoch, content)))
                .isEqualTo(passes);
    }

    @Test
    void theOtherRecordsOfADatagramPass() {
        byte[] good = record(23, 0xfefd, 1, new byte[24]);
        byte[] forged = record(23, 0xfefe, 1, new byte[24]);
        byte[] truncated = record(23, 0xfefd, 1, new byte[23]);
        ByteBuffer all = ByteBuffer.allocate(2 * good.length + forged.length + truncated.length + 5);
        all.put(forged).put(good).put(truncated).put(good);

        assertThat(filter.accept(all.array())).isEqualTo(2 * good.length);
        assertThat(all.array()).startsWith(good);
    }

    @Test
    void afterTheHandshakeOnlyRepeatedMessagesAreUnencryptedUntilTheClientContinues() {
        filter.establish();
        assertThat(passesFragment(CERTIFICATE, 100, 1, 0, 100)).isTrue();
        assertThat(passes(record(21, 0xfefd, 0, new byte[2]))).isFalse();
        assertThat(passes(record(20, 0xfefd, 0, new byte[1]))).isFalse();

        filter.confirm();

        assertThat(passesFragment(CERTIFICATE, 100, 1, 0, 100)).isFalse();
        assertThat(passes(record(23, 0xfefd, 1, new byte[24]))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16})
    void announcedLengthsAreBounded(int factor) {
        for (int i = 0; i < 1000 * factor; i++) {
            passesFragment(CERTIFICATE, Math.min(0xffffff, 100 * i), i % 64, 0, 0);
            passesFragment(HELLO, 0xffffff / factor, i % 64, 0, 0);
        }

        assertThat(reserved.get()).isLessThanOrEqualTo(RecordFilter.MAX_MESSAGES * RecordFilter.MAX_MESSAGE_BYTES);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16})
    void fragmentsAreBounded(int factor) {
        int passed = 0;
        for (int i = 0; i < 4000 * factor; i++) {
            if (passesFragment(CERTIFICATE, 8000, 1, 2 * i % 8000, 1)) passed++;
        }

        assertThat(passed).isEqualTo(RecordFilter.MAX_FRAGMENTS);
    }

    @Test
    void fragmentsBeyondTheirMessageAreDropped() {
        assertThat(passesFragment(CERTIFICATE, 100, 1, 90, 11)).isFalse();
        assertThat(passesFragment(CERTIFICATE, 100, 1, 90, 10)).isTrue();
        assertThat(passesFragment(CERTIFICATE, 101, 1, 90, 10))
                .as("another length")
                .isFalse();
        assertThat(passesFragment(20, 12, 2, 0, 12))
                .as("Finished without encryption")
                .isFalse();
        assertThat(passes(record(22, 0xfefd, 0, new byte[11]))).isFalse();
    }

    @Test
    void withoutMemoryNoMessageBegins() {
        assertThat(new RecordFilter(_ -> false).accept(record(22, 0xfefd, 0, fragment(HELLO, 100, 0, 0, 100))))
                .isZero();
    }

    /** Four times the messages, their lengths and the repetitions of a handshake on a bad network. */
    @Test
    void largeHandshakesPass() {
        for (int repetition = 0; repetition < 4 * 6; repetition++) {
            for (int message = 0; message < 4; message++) {
                for (int offset = 0; offset < 8000; offset += 1000) {
                    assertThat(passesFragment(CERTIFICATE, 8000, message, offset, 1000))
                            .isTrue();
                }
            }
        }
    }
}
