package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sparrow.server.call.CallPort;
import sparrow.server.message.RefusedException;

/**
 * Mutated input of a client that has the call's keys. Nothing is thrown, except a refusal of an offer.
 * {@code -Dsparrow.mutations=1000000} tries more.
 */
class MutationTest {
    private static final int COUNT = Integer.getInteger("sparrow.mutations", 3_000);

    private final Random random = new Random(11);

    private byte[] mutated(List<byte[]> seeds) {
        return TestClient.mutated(seeds.get(random.nextInt(seeds.size())), random);
    }

    @Test
    void damagedAudioIsDroppedOrConcealed() {
        RtpSender sender = new RtpSender(111, 5);
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            short[] frame = new short[CallPort.FRAME];
            for (int j = 0; j < frame.length; j++) frame[j] = (short) random.nextInt(-8_000, 8_000);
            packets.add(sender.next(frame));
        }
        int[] longest = {0};
        RtpReceiver receiver = new RtpReceiver(111, pcm -> longest[0] = Math.max(longest[0], pcm.length));
        for (int i = 0; i < COUNT; i++) {
            byte[] packet = mutated(packets);
            if (packet.length >= 4) ByteBuffer.wrap(packet).putShort(2, (short) (i + random.nextInt(4)));
            receiver.accept(packet, i * 20_000_000L);
        }

        assertThat(longest[0]).as("bytes of 120 ms").isLessThan(2 * CallPort.RATE_HZ / 8);
        assertThat(receiver.hasReceived()).isTrue();
    }

    @Test
    void damagedReportsAreIgnored() {
        RtpSender sender = new RtpSender(111, 5);
        RtpReceiver receiver = new RtpReceiver(111, _ -> {});
        receiver.accept(sender.next(new short[CallPort.FRAME]), 0);
        Instant now = Instant.parse("2026-11-30T12:00:00Z");
        List<byte[]> reports = List.of(sender.report(receiver, now), sender.report(receiver, now));
        for (byte[] report : reports) ByteBuffer.wrap(report).putInt(28, 5);
        for (int i = 0; i < COUNT; i++) sender.accept(mutated(reports), now);

        assertThat(sender.roundTrip()).isGreaterThanOrEqualTo(Duration.ZERO);
    }

    @Test
    void damagedChunksLeaveAnAssociationWithinItsBounds() {
        for (int i = 0; i < COUNT / 100; i++) associate();
    }

    /** Sends valid and mutated packets to an association. */
    private void associate() {
        List<byte[]> sent = new ArrayList<>();
        int[] bytes = {0};
        SctpAssociation association =
                new SctpAssociation(5000, sent::add, (stream, protocol, data) -> bytes[0] += data.length);
        association.receive(packet(0, 1, ints(7, 1 << 20, 10 << 16 | 10, 100)), 0);
        ByteBuffer answer = ByteBuffer.wrap(sent.getFirst());
        int tag = answer.getInt(16);
        byte[] cookie = new byte[16];
        answer.get(36, cookie);
        association.receive(packet(tag, 10, cookie), 0);
        association.send(1, 51, new byte[5_000], 0);
        int first = answer.getInt(28);
        List<byte[]> seeds = List.of(
                packet(tag, 0, ints(100, 1 << 16, 51, 0)),
                packet(tag, 0, ints(102, 1 << 16, 51, 0)),
                packet(tag, 3, ints(first, 1 << 20, 2 << 16, 2 << 16 | 3, 5 << 16 | 5)),
                packet(tag, 4, ints(1 << 16 | 8, 5)),
                packet(tag, 1, ints(7, 1 << 20, 10 << 16 | 10, 100)));
        int size = sent.size();
        for (int i = 0; i < 100; i++) {
            byte[] packet = mutated(seeds);
            if (packet.length >= 12) {
                ByteBuffer.wrap(packet).putInt(4, packet.length > 12 && packet[12] == 1 ? 0 : tag);
                ByteBuffer.wrap(packet).putInt(8, TestDataChannel.checksum(packet));
            }
            association.receive(packet, i * 1_000_000L);
            association.tick(i * 1_000_000L);
        }

        assertThat(sent.size() - size).as("answers").isLessThan(1_000);
        assertThat(bytes[0]).isLessThan(100_000);
    }

    private static byte[] ints(int... values) {
        ByteBuffer out = ByteBuffer.allocate(4 * values.length);
        for (int value : values) out.putInt(value);
        return out.array();
    }

    private static byte[] packet(int tag, int type, byte[] body) {
        return TestDataChannel.packet(tag, type, type == 0 ? 3 : 0, body);
    }

    @Test
    void damagedChecksAreIgnored() {
        List<byte[]> checks = List.of(TestClient.check("abcdefgh", "secret"));
        for (int i = 0; i < COUNT; i++) {
            byte[] check = mutated(checks);
            // Any password is returned for any user, so that the whole message is read.
            assertThat(StunRequest.read(check, check.length, _ -> "other")).isEmpty();
            StunRequest.read(check, check.length, _ -> "secret");
        }
    }

    @Test
    void damagedOffersAreRefusedOrAnswered() {
        List<byte[]> offers = List.of(TestClient.offer().getBytes(StandardCharsets.UTF_8));
        int accepted = 0;
        for (int i = 0; i < COUNT; i++) {
            try {
                Offer offer = Offer.read(new String(mutated(offers), StandardCharsets.UTF_8));
                assertThat(offer.audio().payloadType()).isBetween(0, 127);
                assertThat(offer.maxMessageBytes()).isPositive();
                offer.answer(new Offer.Answer("u", "p", "AB", List.of("::1"), 1, 1));
                accepted++;
            } catch (RefusedException e) {
                assertThat(e.getMessage()).startsWith("sdp: ").hasSizeLessThan(300);
            }
        }

        assertThat(accepted).isPositive();
    }
}
