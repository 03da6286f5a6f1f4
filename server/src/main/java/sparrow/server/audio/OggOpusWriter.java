package sparrow.server.audio;

import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusEncoder;
import io.github.jaredmdobson.concentus.OpusException;
import io.github.jaredmdobson.concentus.OpusSignal;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes speech as Opus in Ogg (RFC 7845) as it arrives, with one channel at 24 kHz, frames of 20 ms and about 32
 * kbit/s. Every call returns complete pages and retains less than a frame for the next call. The header's pre-skip
 * covers the encoder's delay, and the granule position of the last page removes the padding of the last frame. A
 * decoder therefore returns as many samples as were written.
 */
final class OggOpusWriter {
    static final int RATE_HZ = 24_000;

    private static final int FRAME = RATE_HZ / 50;

    /** Granule positions per sample. The rate of granule positions is always 48 kHz. */
    private static final int GRANULES = 48_000 / RATE_HZ;

    private static final int BITS_PER_SECOND = 32_000;
    /**
     * Encoder complexity. At the same bit rate, complexity 5 takes half the time of the default of 9. Encoding then
     * takes about 2 % of real time on one core.
     */
    private static final int COMPLEXITY = 5;

    private static final int MAX_PACKET_BYTES = 1_275;

    /** Maximum number of packets in a page, which is one second of audio in up to 250 segments. */
    private static final int MAX_PACKETS = 50;

    private final int serial;
    private final OpusEncoder encoder;
    private final int preSkip;
    private final ByteArrayOutputStream pages = new ByteArrayOutputStream();
    private final List<byte[]> packets = new ArrayList<>();
    private final float[] frame = new float[FRAME];
    private final byte[] packet = new byte[MAX_PACKET_BYTES];

    private int filled;
    private long samples;
    private long frames;
    private int sequence;
    private boolean ended;

    /**
     * Creates an empty stream.
     *
     * @param serial the serial number, which should differ from the serial numbers of other streams, so that chained
     *     streams can be distinguished
     */
    OggOpusWriter(int serial) {
        this.serial = serial;
        try {
            encoder = new OpusEncoder(RATE_HZ, 1, OpusApplication.OPUS_APPLICATION_AUDIO);
        } catch (OpusException e) {
            throw new IllegalStateException(e); // the encoder supports this rate and these channels
        }
        encoder.setBitrate(BITS_PER_SECOND);
        encoder.setComplexity(COMPLEXITY);
        encoder.setSignalType(OpusSignal.OPUS_SIGNAL_VOICE);
        preSkip = encoder.getLookahead() * GRANULES;
        writePage(OggPage.FIRST, 0, List.of(head()));
        writePage(0, 0, List.of(tags()));
    }

    private byte[] head() {
        ByteBuffer head = ByteBuffer.allocate(19).order(ByteOrder.LITTLE_ENDIAN);
        head.put(ascii("OpusHead")).put((byte) 1).put((byte) 1).putShort((short) preSkip);
        return head.putInt(RATE_HZ).putShort((short) 0).put((byte) 0).array();
    }

    private static byte[] tags() {
        byte[] vendor = ascii("Sparrow");
        ByteBuffer tags = ByteBuffer.allocate(16 + vendor.length).order(ByteOrder.LITTLE_ENDIAN);
        return tags.put(ascii("OpusTags"))
                .putInt(vendor.length)
                .put(vendor)
                .putInt(0)
                .array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Encodes samples at 24 kHz and returns the completed pages. The first call also returns the two header pages.
     *
     * @throws IllegalStateException if the stream has finished
     */
    byte[] accept(float[] piece) {
        if (ended) throw new IllegalStateException("opus: samples after the end of the stream");
        samples += piece.length;
        fill(piece);
        endPage(0, frames * FRAME * GRANULES);
        return taken();
    }

    /**
     * Finishes the stream and returns the remaining pages.
     *
     * @throws IllegalStateException if the stream has already finished
     */
    byte[] finish() {
        if (ended) throw new IllegalStateException("opus: the stream has already ended");
        ended = true;
        int lookahead = preSkip / GRANULES;
        // Encode at least one more frame, because the encoder looks ahead and still holds samples.
        while (frames * FRAME < samples + lookahead) fill(new float[FRAME - filled]);
        endPage(OggPage.LAST, preSkip + samples * GRANULES);
        return taken();
    }

    private void fill(float[] piece) {
        for (int at = 0; at < piece.length; ) {
            int count = Math.min(piece.length - at, FRAME - filled);
            System.arraycopy(piece, at, frame, filled, count);
            at += count;
            filled += count;
            if (filled == FRAME) encodeFrame();
        }
    }

    private void encodeFrame() {
        if (packets.size() == MAX_PACKETS) endPage(0, frames * FRAME * GRANULES);
        short[] steps = new short[FRAME];
        for (int i = 0; i < FRAME; i++) steps[i] = Pcm16.step(frame[i]);
        try {
            int length = encoder.encode(steps, 0, FRAME, packet, 0, packet.length);
            packets.add(Arrays.copyOf(packet, length));
        } catch (OpusException e) {
            throw new IllegalStateException(e); // the encoder accepts any samples
        }
        filled = 0;
        frames++;
    }

    private void endPage(int flags, long granule) {
        if (packets.isEmpty()) return;
        writePage(flags, granule, packets);
        packets.clear();
    }

    private void writePage(int flags, long granule, List<byte[]> whole) {
        ByteArrayOutputStream segments = new ByteArrayOutputStream();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] one : whole) {
            for (int left = one.length; left >= 255; left -= 255) segments.write(255);
            segments.write(one.length % 255);
            body.writeBytes(one);
        }
        OggPage page = new OggPage(flags, granule, serial, sequence++, segments.toByteArray(), body.toByteArray());
        pages.writeBytes(page.bytes());
    }

    private byte[] taken() {
        byte[] taken = pages.toByteArray();
        pages.reset();
        return taken;
    }
}
