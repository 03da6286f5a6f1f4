package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The association with a client that the test plays, chunk by chunk. */
class SctpAssociationTest {
    private static final int TAG = 0x1234;
    private static final int FIRST_TSN = -2; // wraps around soon
    private static final long MILLISECOND = 1_000_000;

    private final ArrayDeque<byte[]> sent = new ArrayDeque<>();
    private final List<String> received = new ArrayList<>();
    private final SctpAssociation association = new SctpAssociation(
            5000,
            sent::add,
            (stream, protocol, data) ->
                    received.add(stream + " " + protocol + " " + new String(data, StandardCharsets.UTF_8)));
    private long now = 1_000 * MILLISECOND;
    private int serverTag;
    private int serverTsn;

    /** A chunk of a packet from the server. */
    private record Chunk(int type, int flags, ByteBuffer body) {}

    private Chunk next() {
        byte[] packet = sent.remove();
        ByteBuffer in = ByteBuffer.wrap(packet);
        assertThat(in.getInt(4)).isEqualTo(TAG);
        int checksum = in.getInt(8);
        assertThat(checksum).isEqualTo(TestDataChannel.checksum(packet));
        int length = Short.toUnsignedInt(in.getShort(14));
        assertThat(packet).hasSize(12 + (length + 3 & ~3));
        return new Chunk(in.get(12), in.get(13), in.slice(16, length - 4));
    }

    private void receive(int tag, int type, int flags, byte[] body) {
        association.receive(TestDataChannel.packet(tag, type, flags, body), now);
    }

    private void data(int tsn, int flags, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(12 + bytes.length);
        body.putInt(tsn).putShort((short) 1).putShort((short) 0).putInt(51).put(bytes);
        receive(serverTag, 0, flags, body.array());
    }

    private void acknowledge(int cumulative, int window, int... gaps) {
        ByteBuffer body = ByteBuffer.allocate(12 + 2 * gaps.length);
        body.putInt(cumulative)
                .putInt(window)
                .putShort((short) (gaps.length / 2))
                .putShort((short) 0);
        for (int gap : gaps) body.putShort((short) gap);
        receive(serverTag, 3, 0, body.array());
    }

    @BeforeEach
    void establish() {
        ByteBuffer init = ByteBuffer.allocate(16);
        init.putInt(TAG)
                .putInt(1 << 20)
                .putShort((short) 10)
                .putShort((short) 20)
                .putInt(FIRST_TSN);
        receive(0, 1, 0, init.array());
        Chunk answer = next();
        assertThat(answer.type()).isEqualTo(2);
        serverTag = answer.body().getInt();
        assertThat(answer.body().getInt()).isEqualTo(1 << 20);
        assertThat(answer.body().getShort()).isEqualTo((short) 20);
        assertThat(answer.body().getShort()).isEqualTo((short) 10);
        serverTsn = answer.body().getInt();
        assertThat(answer.body().getShort()).isEqualTo((short) 7);
        byte[] cookie = new byte[answer.body().getShort() - 4];
        answer.body().get(cookie);
        receive(serverTag, 10, 0, cookie);
        assertThat(next().type()).isEqualTo(11);
    }

    @Test
    void aWrongCookieOrTagOrChecksumIsIgnored() {
        receive(serverTag + 1, 4, 0, new byte[4]);
        ByteBuffer broken = ByteBuffer.allocate(20);
        association.receive(broken.array(), now);
        association.receive(new byte[3], now);

        assertThat(sent).isEmpty();
    }

    @Test
    void heartbeatsAreReturned() {
        receive(serverTag, 4, 0, new byte[] {0, 1, 0, 8, 1, 2, 3, 4});

        Chunk answer = next();
        assertThat(answer.type()).isEqualTo(5);
        assertThat(answer.body()).isEqualTo(ByteBuffer.wrap(new byte[] {0, 1, 0, 8, 1, 2, 3, 4}));
    }

    @Test
    void messagesAreDeliveredInTheOrderOfTheirNumbers() {
        data(FIRST_TSN, 3, "a");
        assertThat(next().body().getInt()).isEqualTo(FIRST_TSN);
        data(FIRST_TSN + 2, 1, "c");
        Chunk gap = next();
        assertThat(gap.body().getInt()).isEqualTo(FIRST_TSN);
        assertThat(gap.body().getShort(8)).isEqualTo((short) 1);
        assertThat(gap.body().getShort(12)).isEqualTo((short) 2);
        assertThat(gap.body().getShort(14)).isEqualTo((short) 2);
        data(FIRST_TSN + 1, 2, "b");
        assertThat(next().body().getInt()).isEqualTo(FIRST_TSN + 2);
        data(FIRST_TSN + 1, 2, "b");

        assertThat(received).containsExactly("1 51 a", "1 51 bc");
        assertThat(next().body().getInt()).as("a repetition is acknowledged").isEqualTo(FIRST_TSN + 2);
    }

    @Test
    void aMissingFragmentIsAcceptedEvenIfLaterOnesFillTheWindow() {
        String piece = "x".repeat(60_000);
        for (int i = 1; i < 20; i++) data(FIRST_TSN + i, 3, piece);
        assertThat(received).isEmpty();

        data(FIRST_TSN, 3, piece);

        assertThat(received).hasSize(18);
    }

    @Test
    void aMessageAboveTheMaximumEndsTheAssociation() {
        String piece = "x".repeat(60_000);
        for (int i = 0; i < 5; i++) data(FIRST_TSN + i, i == 0 ? 2 : 0, piece);

        assertThat(association.isClosed()).isTrue();
        assertThat(received).isEmpty();
        assertThat(sent.getLast()[12]).as("abort").isEqualTo((byte) 6);
    }

    @Test
    void longMessagesAreSentInFragments() {
        association.send(1, 51, "y".repeat(2_500).getBytes(StandardCharsets.UTF_8), now);

        List<Integer> flags = new ArrayList<>();
        while (!sent.isEmpty()) {
            Chunk chunk = next();
            assertThat(chunk.body().getInt()).isEqualTo(serverTsn + flags.size());
            flags.add(chunk.flags());
        }
        assertThat(flags).containsExactly(2, 0, 1);
        assertThat(association.bufferedBytes()).isEqualTo(2_500);
        acknowledge(serverTsn + 2, 1 << 20);
        assertThat(association.bufferedBytes()).isZero();
    }

    @Test
    void aFragmentReportedMissingThreeTimesIsSentAgain() {
        for (int i = 0; i < 5; i++) association.send(1, 51, new byte[1_000], now);
        sent.clear();

        acknowledge(serverTsn, 1 << 20, 2, 2);
        acknowledge(serverTsn, 1 << 20, 2, 3);
        assertThat(sent).isEmpty();
        acknowledge(serverTsn, 1 << 20, 2, 4);

        assertThat(next().body().getInt()).isEqualTo(serverTsn + 1);
        assertThat(sent).isEmpty();
    }

    @Test
    void unacknowledgedFragmentsAreSentAgainWithGrowingPausesUntilTheAssociationEnds() {
        association.send(1, 51, new byte[10], now);
        sent.clear();
        List<Long> pauses = new ArrayList<>();
        long before = now;
        while (!association.isClosed()) {
            now += 100 * MILLISECOND;
            association.tick(now);
            if (sent.isEmpty()) continue;
            pauses.add((now - before) / MILLISECOND);
            before = now;
            sent.clear();
        }

        assertThat(pauses).startsWith(500L, 1_000L, 2_000L, 4_000L).hasSizeLessThan(12);
    }

    @Test
    void aClosedWindowIsProbedWithOneFragment() {
        acknowledge(serverTsn - 1, 0);
        for (int i = 0; i < 3; i++) association.send(1, 51, new byte[1_000], now);
        assertThat(sent).hasSize(1);

        acknowledge(serverTsn, 1 << 20);

        assertThat(sent).hasSize(3);
    }

    @Test
    void everyMessageArrivesOverALossyNetwork() {
        Random random = new Random(5);
        TreeMap<Integer, byte[]> arrived = new TreeMap<>();
        int count = 300;
        for (int i = 0; i < count; i++) association.send(1, 51, ("message " + i).getBytes(StandardCharsets.UTF_8), now);
        for (int round = 0; association.bufferedBytes() > 0; round++) {
            assertThat(round).as("rounds").isLessThan(5_000);
            List<byte[]> packets = new ArrayList<>(sent);
            sent.clear();
            for (byte[] packet : packets) {
                if (random.nextInt(10) < 2) continue;
                ByteBuffer in = ByteBuffer.wrap(packet);
                int length = Short.toUnsignedInt(in.getShort(14)) - 16;
                arrived.put(in.getInt(16) - serverTsn, Arrays.copyOfRange(packet, 28, 28 + length));
                if (random.nextInt(10) < 2) continue;
                int cumulative = 0;
                while (arrived.containsKey(cumulative)) cumulative++;
                List<Integer> gaps = new ArrayList<>();
                for (int tsn : arrived.tailMap(cumulative).keySet()) {
                    gaps.add(tsn - cumulative + 1);
                    gaps.add(tsn - cumulative + 1);
                }
                acknowledge(
                        serverTsn + cumulative - 1,
                        1 << 20,
                        gaps.stream().mapToInt(Integer::intValue).toArray());
            }
            now += 20 * MILLISECOND;
            association.tick(now);
        }

        assertThat(arrived).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat(new String(arrived.get(i), StandardCharsets.UTF_8)).isEqualTo("message " + i);
        }
    }

    @Test
    void theEndOfTheClientIsNoticed() throws InterruptedException {
        association.send(1, 51, new byte[10], now);
        receive(serverTag, 6, 0, new byte[0]);

        assertThat(association.isClosed()).isTrue();
        assertThat(association.awaitRoom(0, 1_000)).isFalse();
    }
}
