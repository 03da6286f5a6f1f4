package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.server.audio.Pcm16;
import sparrow.server.call.CallPort;
import sparrow.speech.wave.Waveform;

/** Audio from a sender to a receiver. */
class RtpTest {
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private final RtpSender sender = new RtpSender(111, 5);
    private final RtpReceiver receiver = new RtpReceiver(111, heard::writeBytes);

    /** A sound with a changing pitch, so that its parts differ. */
    static short[] sweep(int frame) {
        short[] samples = new short[CallPort.FRAME];
        for (int i = 0; i < samples.length; i++) {
            double t = (double) (frame * samples.length + i) / CallPort.RATE_HZ;
            samples[i] = (short) (8_000 * Math.sin(2 * Math.PI * (200 * t + 150 * t * t)));
        }
        return samples;
    }

    private float[] heard() {
        return Pcm16.decode(heard.toByteArray());
    }

    @Test
    void soundAndSilenceArriveAsTheyWereSent() {
        float[] wanted = new float[50 * CallPort.FRAME];
        for (int i = 0; i < 50; i++) {
            byte[] samples = new byte[2 * CallPort.FRAME];
            ByteBuffer.wrap(samples)
                    .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                    .asShortBuffer()
                    .put(sweep(i));
            System.arraycopy(Pcm16.decode(samples), 0, wanted, i * CallPort.FRAME, CallPort.FRAME);
        }
        for (int i = 0; i < 200; i++) {
            short[] frame = i < 50 || i >= 150 ? sweep(i % 50) : new short[CallPort.FRAME];
            receiver.accept(sender.next(frame), i * 20_000_000L);
        }

        float[] all = heard();
        Waveform first = new Waveform(Arrays.copyOf(all, all.length / 2), CallPort.RATE_HZ);
        Waveform second = new Waveform(Arrays.copyOfRange(all, all.length / 2, all.length), CallPort.RATE_HZ);
        Waveform sent = new Waveform(wanted, CallPort.RATE_HZ);
        assertThat(Correlation.best(sent, first)).isGreaterThan(0.95);
        assertThat(Correlation.best(sent, second)).isGreaterThan(0.95);
        for (int i = 60 * CallPort.FRAME; i < 149 * CallPort.FRAME; i++) {
            assertThat(Math.abs(all[i])).isLessThan(0.01f);
        }
    }

    @Test
    void lostPacketsAreReplacedByAsMuchSound() {
        for (int i = 0; i < 100; i++) {
            byte[] packet = sender.next(sweep(i));
            if (i % 10 != 5) receiver.accept(packet, i * 20_000_000L);
        }

        assertThat(heard().length).isBetween(92 * CallPort.FRAME, 100 * CallPort.FRAME);
    }

    /** Returns a packet of 120 ms, which contains the sound of a packet of 20 ms six times. */
    static byte[] longPacket(byte[] packet) {
        int frame = packet.length - 13;
        ByteBuffer out = ByteBuffer.allocate(14 + 6 * frame);
        out.put(packet, 0, 12).put((byte) (packet[12] | 3)).put((byte) 6);
        for (int i = 0; i < 6; i++) out.put(packet, 13, frame);
        return out.array();
    }

    /** Each packet of 120 ms is numbered as if many packets before it were lost. */
    @ParameterizedTest
    @CsvSource({"1000, 24", "4000, 24", "1000, 6", "1000, 96", "250, 24"})
    void soundDoesNotExceedTheTimeThatHasPassed(int packets, int gap) {
        byte[] packet = longPacket(sender.next(sweep(0)));
        for (int i = 0; i < packets; i++) {
            ByteBuffer.wrap(packet).putShort(2, (short) (i * gap)).putInt(4, i * gap * 5760);
            receiver.accept(packet, i * 1_000_000_000L / packets);
        }

        assertThat(heard.size() / 2.0 / CallPort.RATE_HZ).as("seconds").isBetween(10.0, 11.5);
    }

    /** Packets of 20 ms in a second, before each of which some are lost. */
    @ParameterizedTest
    @CsvSource({"50, 24", "200, 24", "50, 6", "50, 96"})
    void concealmentFollowsTheClock(int packets, int gap) {
        for (int i = 0; i < packets; i++) {
            byte[] packet = sender.next(sweep(i));
            ByteBuffer.wrap(packet).putShort(2, (short) (gap * i)).putInt(4, 960 * gap * i);
            receiver.accept(packet, i * 1_000_000_000L / packets);
        }

        // What the packets contain, the second that has passed, and a second for bursts.
        assertThat(heard.size() / 2.0 / CallPort.RATE_HZ).as("seconds").isLessThan(packets * 0.02 + 2);
    }

    @Test
    void timestampsWithoutLostPacketsAreSilence() {
        receiver.accept(sender.next(sweep(0)), 0);
        sender.skip(49);
        receiver.accept(sender.next(sweep(1)), 1_000_000_000);

        assertThat(heard()).hasSizeBetween(50 * CallPort.FRAME, 51 * CallPort.FRAME);
        assertThat(Arrays.copyOfRange(heard(), 2 * CallPort.FRAME, 49 * CallPort.FRAME))
                .containsOnly(0);
    }

    @Test
    void aClientThatSendsNothingIsSilent() {
        for (int i = 0; i < 10; i++) receiver.accept(sender.next(sweep(i)), i * 20_000_000L);
        int before = heard.size();
        receiver.tick(230_000_000);
        assertThat(heard.size()).isEqualTo(before);

        for (int i = 12; i <= 63; i++) receiver.tick(i * 20_000_000L);
        assertThat(heard.size() - before).isBetween(2 * 49 * CallPort.FRAME, 2 * 50 * CallPort.FRAME);

        // The time that has passed in silence is not silent a second time.
        sender.skip(54);
        receiver.accept(sender.next(sweep(1)), 64 * 20_000_000L);
        assertThat(heard()).hasSizeBetween(63 * CallPort.FRAME, 65 * CallPort.FRAME);
    }

    @Test
    void packetsThatWaitForALostOneAreHeardWhenNothingMoreArrives() {
        for (int i = 0; i < 10; i++) {
            byte[] packet = sender.next(sweep(i));
            if (i != 7) receiver.accept(packet, i * 20_000_000L);
        }
        assertThat(heard()).hasSizeLessThan(7 * CallPort.FRAME + 1);

        receiver.tick(250_000_000);

        assertThat(heard()).hasSizeBetween(9 * CallPort.FRAME, 10 * CallPort.FRAME);
    }

    @Test
    void packetsOfOtherTypesAndDamagedOnesAreIgnored() {
        byte[] packet = sender.next(sweep(0));
        byte[] other = packet.clone();
        other[1] = 0;
        receiver.accept(other, 0);
        receiver.accept(new byte[5], 0);
        byte[] damaged = Arrays.copyOf(packet, 13);
        damaged[12] = (byte) 0xff;
        receiver.accept(damaged, 0);

        assertThat(heard.size()).isZero();
    }

    @Test
    void aPacketThatFailsAnAssertionOfTheDecoderIsIgnored() {
        byte[] packet = sender.next(sweep(0));
        byte[] payload = HexFormat.of().parseHex("5d2d35a837614a366efbe77068057ece00f79f5b75cbf2879126c63045ba552782");
        byte[] damaged = Arrays.copyOf(packet, 12 + payload.length);
        System.arraycopy(payload, 0, damaged, 12, payload.length);
        receiver.accept(damaged, 0);
        receiver.accept(sender.next(sweep(1)), 20_000_000);

        assertThat(heard()).hasSizeBetween(CallPort.FRAME / 2, CallPort.FRAME);
    }

    /** A tenth of the packets is lost, and every other packet is 3 ms late. */
    @Test
    void qualityIsThatOfThePacketsSinceTheLastReport() {
        sendHundred(0, true);
        sender.report(receiver, Instant.EPOCH);
        CallPort.Quality first = receiver.quality(Duration.ofMillis(80));
        sendHundred(100, false);
        sender.report(receiver, Instant.EPOCH);
        CallPort.Quality second = receiver.quality(Duration.ZERO);

        assertThat(first.received()).isEqualTo(90);
        assertThat(first.lost()).isEqualTo(10);
        assertThat(first.jitter()).isBetween(Duration.ofMillis(2), Duration.ofMillis(3));
        assertThat(first.roundTrip()).isEqualTo(Duration.ofMillis(80));
        assertThat(second.received()).isEqualTo(100);
        assertThat(second.lost()).isZero();
        assertThat(second.jitter()).isLessThan(Duration.ofMillis(1));
    }

    private void sendHundred(int begin, boolean bad) {
        for (int i = begin; i < begin + 100; i++) {
            byte[] packet = sender.next(sweep(i));
            long late = bad && i % 2 == 1 ? 3_000_000 : 0;
            if (!bad || i % 10 != 1) receiver.accept(packet, i * 20_000_000L + late);
        }
    }

    @Test
    void theRoundTripFollowsFromTheClientsReport() {
        Instant sent = Instant.parse("2026-11-30T12:00:00.250Z");
        ByteBuffer report = ByteBuffer.wrap(sender.report(receiver, sent));
        assertThat(report.getInt(4)).isEqualTo(5);
        int middle = (int) (report.getLong(8) >>> 16);

        // The client answers after half a second, and the network takes 80 ms.
        ByteBuffer answer = ByteBuffer.allocate(32);
        answer.put((byte) 0x81).put((byte) 201).putShort((short) 7).putInt(99);
        answer.putInt(5).putInt(25 << 24).putInt(0).putInt(0).putInt(middle).putInt(1 << 15);
        sender.accept(answer.array(), sent.plusMillis(580));
        sender.accept(new byte[] {1, 2, 3}, sent);

        assertThat(sender.roundTrip()).isBetween(Duration.ofMillis(79), Duration.ofMillis(81));
    }
}
