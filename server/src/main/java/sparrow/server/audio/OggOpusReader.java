package sparrow.server.audio;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;
import io.github.jaredmdobson.concentus.OpusPacketInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import sparrow.speech.wave.StreamingResampler;
import sparrow.speech.wave.Waveform;

/**
 * Reads Opus in Ogg (RFC 7845). A file must contain one stream of one or two channels, which are mixed to one channel
 * at 24 kHz. Files with several multiplexed or chained streams are rejected, and so are damaged and truncated files.
 */
final class OggOpusReader {
    static final int RATE_HZ = 24_000;

    /** Sample rate of granule positions and of the pre-skip, in Hz. */
    private static final int CODED_HZ = 48_000;

    private static final int HEAD_BYTES = 19;

    /** Maximum number of samples in a packet, which lasts up to 120 ms. */
    private static final int MAX_PACKET_SAMPLES = CODED_HZ * 120 / 1000;

    private final int preSkip;
    private final int gain;
    private final List<byte[]> packets = new ArrayList<>();

    /** Number of samples at 48 kHz after the pre-skip. */
    private final long length;

    /**
     * Opens a file without decoding it.
     *
     * @throws IllegalArgumentException if the file is not an Ogg Opus file, or its audio is longer than allowed
     */
    OggOpusReader(byte[] file, int maxSeconds) {
        OggPackets ogg = new OggPackets(file);
        ByteBuffer head = head(ogg.next());
        preSkip = Short.toUnsignedInt(head.getShort(10));
        gain = head.getShort(16);
        if (!begins(ogg.next(), "OpusTags")) throw fault("expected OpusTags in the second packet");
        long samples = 0;
        long firstGranule = -1;
        while (ogg.hasNext()) {
            byte[] packet = ogg.next();
            samples += samples(packet);
            if (samples > (long) maxSeconds * CODED_HZ) {
                throw fault("expected at most " + maxSeconds + " s of audio, found more");
            }
            packets.add(packet);
            if (firstGranule < 0 && ogg.isLastOfPage()) firstGranule = firstGranule(ogg, samples);
        }
        if (packets.isEmpty()) throw fault("expected audio packets, found none");
        // The length includes only the samples of the packets, because a recorder may have left gaps between pages.
        length = Math.min(ogg.granule() - firstGranule, samples) - preSkip;
        if (length < 0) {
            throw fault("last granule: expected " + (firstGranule + preSkip) + " or more, found " + ogg.granule());
        }
    }

    private static ByteBuffer head(byte[] packet) {
        if (!begins(packet, "OpusHead") || packet.length < HEAD_BYTES) {
            throw fault("expected OpusHead in the first packet: not an Opus file");
        }
        ByteBuffer head = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN);
        if ((head.get(8) & 0xf0) != 0) throw fault("version: expected 0 to 15, found " + (head.get(8) & 0xff));
        int channels = head.get(9) & 0xff;
        if (channels < 1 || channels > 2 || head.get(18) != 0) {
            throw fault("expected one or two channels, found " + channels + " of mapping " + (head.get(18) & 0xff));
        }
        return head;
    }

    private static boolean begins(byte[] packet, String magic) {
        return new String(packet, StandardCharsets.ISO_8859_1).startsWith(magic);
    }

    /** Returns the number of samples at 48 kHz that a packet contains according to its first bytes. */
    private static int samples(byte[] packet) {
        if (packet.length == 0) throw fault("expected packets, found an empty one");
        int frames = Math.max(0, OpusPacketInfo.getNumFrames(packet, 0, packet.length));
        int samples = frames * OpusPacketInfo.getNumSamplesPerFrame(packet, 0, CODED_HZ);
        if (samples == 0 || samples > MAX_PACKET_SAMPLES) {
            throw fault("expected packets of 2.5 to 120 ms, found one of " + samples / 48.0 + " ms");
        }
        return samples;
    }

    /**
     * Returns the granule position of the first sample, which is above 0 if the recording started late. Only the last
     * page may have a position before the end of its packets, in order to truncate them.
     */
    private static long firstGranule(OggPackets ogg, long samples) {
        long first = ogg.granule() - samples;
        if (first < 0 && !ogg.endsOnLastPage()) {
            throw fault("first granule: expected " + samples + " or more, found " + ogg.granule());
        }
        return Math.max(0, first);
    }

    /** Returns the number of samples at 24 kHz. */
    int samples() {
        return (int) Math.ceilDiv(length, CODED_HZ / RATE_HZ);
    }

    /**
     * Decodes at 48 kHz, the rate of the pre-skip and of the length, and resamples the result. Concentus 1.0.2 decodes
     * hybrid packets, the usual mode for speech, as noise at any lower rate (its issue 67).
     *
     * @throws IllegalArgumentException if a packet is damaged
     */
    Waveform decode() {
        OpusDecoder decoder = decoder();
        StreamingResampler resampler = new StreamingResampler(CODED_HZ, RATE_HZ);
        float[] decoded = new float[samples()];
        short[] steps = new short[MAX_PACKET_SAMPLES];
        int at = 0;
        long place = -preSkip;
        for (byte[] packet : packets) {
            int count = decode(decoder, packet, steps);
            int from = Math.clamp(-place, 0, count);
            int to = Math.clamp(length - place, from, count);
            float[] resampled = resampler.accept(samples(steps, from, to), false);
            System.arraycopy(resampled, 0, decoded, at, resampled.length);
            at += resampled.length;
            place += count;
        }
        float[] rest = resampler.accept(new float[0], true);
        System.arraycopy(rest, 0, decoded, at, rest.length);
        return new Waveform(decoded, RATE_HZ);
    }

    private static float[] samples(short[] steps, int from, int to) {
        float[] samples = new float[to - from];
        for (int i = from; i < to; i++) samples[i - from] = steps[i] * 0x1p-15f;
        return samples;
    }

    private OpusDecoder decoder() {
        try {
            OpusDecoder decoder = new OpusDecoder(CODED_HZ, 1);
            decoder.setGain(gain);
            return decoder;
        } catch (OpusException e) {
            throw new IllegalStateException(e); // the decoder supports this rate and these channels
        }
    }

    /**
     * Decodes a packet. The library does not check every packet, and a damaged packet may cause an
     * ArrayIndexOutOfBoundsException or an AssertionError.
     */
    private static int decode(OpusDecoder decoder, byte[] packet, short[] steps) {
        int expected = samples(packet);
        int found;
        try {
            found = decoder.decode(packet, 0, packet.length, steps, 0, expected, false);
        } catch (OpusException | RuntimeException | AssertionError e) {
            throw new IllegalArgumentException("opus: damaged packet of " + packet.length + " bytes", e);
        }
        if (found != expected) throw fault("expected " + expected + " samples of a packet, found " + found);
        return found;
    }

    private static IllegalArgumentException fault(String fault) {
        return new IllegalArgumentException("opus: " + fault);
    }
}
