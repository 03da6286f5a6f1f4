package sparrow.webrtc;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import sparrow.server.audio.Pcm16;
import sparrow.server.call.CallPort;
import sparrow.speech.wave.StreamingResampler;

/**
 * Decodes a client's audio. Lost packets are reconstructed from the redundancy in the next packet, or concealed by the
 * decoder. Not thread-safe.
 */
final class RtpReceiver {
    private static final int VERSION = 2;

    /** Rate of the decoder in Hz, because Concentus decodes some packets almost silently at 24 kHz. */
    private static final int DECODED_HZ = 48_000;

    /** Maximum duration of a packet: 120 ms. */
    private static final int MAX_SAMPLES = DECODED_HZ * 120 / 1000;

    private final int payloadType;
    private final Consumer<byte[]> listener;
    private final ReorderBuffer order = new ReorderBuffer();
    private final OpusDecoder decoder;
    private final short[] samples = new short[MAX_SAMPLES];
    private final StreamingResampler resampler = new StreamingResampler(DECODED_HZ, CallPort.RATE_HZ);

    /** Number of decoded samples in the previous packet. */
    private int duration = DECODED_HZ / 50;

    // Statistics for the client.
    private int ssrc;
    private double jitter;
    private long transit;
    private long reportedReceived;
    private long reportedLost;

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
        ByteBuffer fields = ByteBuffer.wrap(packet);
        ssrc = fields.getInt(8);
        measure(fields.getInt(4), now);
        byte[] payload = Arrays.copyOfRange(packet, header, packet.length - padding);
        List<Optional<byte[]>> ready = order.accept(Short.toUnsignedInt(fields.getShort(2)), payload);
        for (int i = 0; i < ready.size(); i++) {
            if (ready.get(i).isPresent()) {
                decode(ready.get(i).get(), false);
            } else {
                // Only the last lost packet is contained in the next packet.
                decode(i + 1 < ready.size() ? ready.get(i + 1).orElse(null) : null, true);
            }
        }
    }

    /**
     * @param lost whether the previous packet is decoded from this payload, which is null if its packet was lost, too
     */
    private void decode(byte[] payload, boolean lost) {
        if (payload != null && payload.length == 0) return;
        try {
            int length = payload == null ? 0 : payload.length;
            int count = decoder.decode(payload, 0, length, samples, 0, lost ? duration : MAX_SAMPLES, lost);
            if (!lost) duration = count;
            float[] decoded = new float[count];
            for (int i = 0; i < count; i++) decoded[i] = samples[i] * 0x1p-15f;
            listener.accept(Pcm16.encode(resampler.accept(decoded, false)));
        } catch (OpusException | RuntimeException | AssertionError e) {
            // The packet is malformed. Concentus also throws unchecked exceptions, and errors of its own assertions.
            decoder.resetState();
        }
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
        long received = order.received() - reportedReceived;
        long lost = order.lost() - reportedLost;
        reportedReceived += received;
        reportedLost += lost;
        int fraction = lost + received == 0 ? 0 : (int) Math.min(255, lost * 256 / (lost + received));
        out.putInt(ssrc).putInt(fraction << 24 | (int) Math.min(0x7fffff, order.lost()));
        out.putInt((int) order.highest()).putInt((int) jitter).putInt(0).putInt(0);
    }
}
