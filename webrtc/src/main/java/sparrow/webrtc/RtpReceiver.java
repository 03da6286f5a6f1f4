package sparrow.webrtc;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import sparrow.server.audio.Pcm16;
import sparrow.server.call.CallPort;
import sparrow.speech.wave.StreamingResampler;

/**
 * Decodes a client's audio. The decoded sound follows the client's timestamps: lost packets, which are missing sequence
 * numbers, are reconstructed from the redundancy in the next packet or concealed by the decoder, and other gaps are
 * silence, as is the time in which a client sends nothing. Sound that no packet contains never lasts longer than the
 * time since the first packet, whatever the packets' numbers and timestamps are. Not thread-safe.
 */
final class RtpReceiver {
    private static final int VERSION = 2;

    /** Rate of the decoder in Hz, because Concentus decodes some packets almost silently at 24 kHz. */
    private static final int DECODED_HZ = 48_000;

    /** Maximum duration of a packet: 120 ms. */
    private static final int MAX_SAMPLES = DECODED_HZ * 120 / 1000;

    /** Time without packets after which the sound continues with silence. */
    private static final long IDLE_NANOS = 60_000_000;

    /** Maximum concealed sound beyond the time since the first packet: a second. Packets can arrive in bursts. */
    private static final int CONCEALED_AHEAD = DECODED_HZ;

    /** Maximum sound beyond the time since the first packet: 10 s. Further packets are dropped. */
    private static final int MAX_AHEAD = 10 * DECODED_HZ;

    private final int payloadType;
    private final Consumer<byte[]> listener;
    private final ReorderBuffer order = new ReorderBuffer();
    private final OpusDecoder decoder;
    private final short[] samples = new short[MAX_SAMPLES];
    private final StreamingResampler resampler = new StreamingResampler(DECODED_HZ, CallPort.RATE_HZ);

    /** Number of decoded samples in the previous packet. */
    private int duration = DECODED_HZ / 50;

    /** Times of the first packet and of the last packet in nanoseconds. */
    private long begin;

    private long lastArrival;

    /** Whether a packet was decoded. */
    private boolean decoded;

    /** The timestamp that continues the sound. */
    private int position;

    /** Number of samples that the listener has received, at {@link #DECODED_HZ}. */
    private long heard;

    // Statistics for the client.
    private int ssrc;
    private double jitter;
    private long transit;
    private long reportedReceived;
    private long reportedLost;

    /** Number of packets received and lost between the last two reports. */
    private long received;

    private long lost;

    /**
     * Creates a receiver.
     *
     * @param listener a consumer of decoded audio as 16-bit little-endian samples at {@link CallPort#RATE_HZ}
     */
    RtpReceiver(int payloadType, Consumer<byte[]> listener) {
        this.payloadType = payloadType;
        this.listener = listener;
        try {
            decoder = new OpusDecoder(DECODED_HZ, 1);
        } catch (OpusException e) {
            throw new IllegalStateException(e); // the decoder supports this rate
        }
    }

    /** Processes a decrypted packet that arrived at the given time in nanoseconds. */
    void accept(byte[] packet, long now) {
        int header = Srtp.rtpHeader(packet, packet.length);
        if (header < 0 || (packet[0] & 0xff) >>> 6 != VERSION || (packet[1] & 0x7f) != payloadType) return;
        int padding = (packet[0] & 0x20) == 0 ? 0 : packet[packet.length - 1] & 0xff;
        if (header + padding > packet.length) return;
        if (!hasReceived()) begin = now;
        lastArrival = now;
        ByteBuffer fields = ByteBuffer.wrap(packet);
        ssrc = fields.getInt(8);
        measure(fields.getInt(4), now);
        byte[] payload = Arrays.copyOfRange(packet, header, packet.length - padding);
        ReorderBuffer.Packet arrived = new ReorderBuffer.Packet(fields.getInt(4), payload);
        for (ReorderBuffer.Ready ready : order.accept(Short.toUnsignedInt(fields.getShort(2)), arrived)) {
            play(ready, now);
        }
    }

    /** Continues the sound if no packet has arrived for a while. Must be called about every 20 ms. */
    void tick(long now) {
        if (!hasReceived() || now - lastArrival < IDLE_NANOS) return;
        for (ReorderBuffer.Ready ready : order.flush()) play(ready, now);
        if (decoded) position += silence(-ahead(now - IDLE_NANOS));
    }

    private static long samples(long nanos) {
        return nanos / 1000 * (DECODED_HZ / 1000) / 1000;
    }

    private void play(ReorderBuffer.Ready ready, long now) {
        byte[] payload = ready.packet().payload();
        if (ahead(now) > MAX_AHEAD || payload.length == 0) return;
        int gap = decoded ? ready.packet().timestamp() - position : 0;
        if (gap > 0) fill(gap, ready, now);
        position = ready.packet().timestamp() + decode(payload, false);
    }

    /** Returns the number of samples that were heard beyond the time since the first packet. */
    private long ahead(long now) {
        return heard - samples(now - begin);
    }

    /** Fills the gap before a packet. */
    private void fill(int gap, ReorderBuffer.Ready ready, long now) {
        long concealed = Math.min(Math.min(gap, CONCEALED_AHEAD - ahead(now)) / duration, ready.lost());
        for (long i = 1; i < concealed; i++) decode(null, true);
        silence(Math.min(gap - Math.max(0, concealed) * duration, -ahead(now)));
        // Only the last lost packet is contained in the next packet.
        if (concealed > 0) decode(ready.packet().payload(), true);
    }

    /** Adds silence, and returns its number of samples. */
    private int silence(long count) {
        int silent = (int) Math.max(0, count);
        for (int left = silent; left > 0; left -= MAX_SAMPLES) hear(new float[Math.min(left, MAX_SAMPLES)]);
        return silent;
    }

    /**
     * Decodes a packet, and returns its number of samples, which is 0 for a malformed packet.
     *
     * @param lost whether the previous packet is decoded from this payload, which is null if its packet was lost, too
     */
    private int decode(byte[] payload, boolean lost) {
        try {
            int length = payload == null ? 0 : payload.length;
            int count = decoder.decode(payload, 0, length, samples, 0, lost ? duration : MAX_SAMPLES, lost);
            if (!lost && count > 0) duration = count;
            float[] sound = new float[count];
            for (int i = 0; i < count; i++) sound[i] = samples[i] * 0x1p-15f;
            decoded = true;
            hear(sound);
            return count;
        } catch (OpusException | RuntimeException | AssertionError e) {
            // The packet is malformed. Concentus also throws unchecked exceptions, and errors of its own assertions.
            decoder.resetState();
            return 0;
        }
    }

    private void hear(float[] sound) {
        heard += sound.length;
        listener.accept(Pcm16.encode(resampler.accept(sound, false)));
    }

    /** Updates the variation of the transit time (RFC 3550, section 6.4.1), in units of 1/48000 s. */
    private void measure(int timestamp, long now) {
        long arrival = now / 1000 * 48 / 1000;
        long before = transit;
        transit = arrival - timestamp;
        if (order.received() == 0) return;
        int difference = Math.abs((int) (transit - before));
        jitter += (difference - jitter) / 16;
    }

    /** Returns whether any audio has been received. */
    boolean hasReceived() {
        return order.received() > 0;
    }

    /**
     * Writes a reception report (RFC 3550, section 6.4.1) without a time, because the client's reports are not used.
     */
    void report(ByteBuffer out) {
        received = order.received() - reportedReceived;
        lost = order.lost() - reportedLost;
        reportedReceived += received;
        reportedLost += lost;
        int fraction = lost + received == 0 ? 0 : (int) Math.min(255, lost * 256 / (lost + received));
        out.putInt(ssrc).putInt(fraction << 24 | (int) Math.min(0x7fffff, order.lost()));
        out.putInt((int) order.highest()).putInt((int) jitter).putInt(0).putInt(0);
    }

    /** Returns the quality that the last report contained. */
    CallPort.Quality quality(Duration roundTrip) {
        Duration variation = Duration.ofNanos((long) (jitter / DECODED_HZ * 1e9));
        return new CallPort.Quality(received, Math.max(0, lost), variation, roundTrip);
    }
}
