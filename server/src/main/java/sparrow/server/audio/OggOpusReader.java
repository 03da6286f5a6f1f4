package sparrow.server.audio;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import sparrow.speech.wave.StreamingResampler;
import sparrow.speech.wave.Waveform;

/**
 * Reads Opus in Ogg (RFC 7845): one stream of one or two channels, which are mixed to one at 24 kHz. Files of several streams, one
 * beside or behind the other, are refused, and so is what is damaged or cut short.
 */
final class OggOpusReader {
    static final int RATE_HZ = 24_000;

    /** The rate of granules and pre-skip. */
    private static final int CODED_HZ = 48_000;

    private static final int HEAD_BYTES = 19;

    private OggOpusReader() {}

    /** The content of the first packet. */
    private record Head(int preSkip, int gain) {}

    /**
     * The sound of a file. How long it is is known before anything is decoded.
     *
     * @throws IllegalArgumentException if it is none, or longer than allowed
     */
    static Waveform read(byte[] file, int mostSeconds) {
        OggPackets packets = new OggPackets(file);
        Head head = head(packets.next());
        if (!begins(packets.next(), "OpusTags")) throw fault("expected OpusTags in the second packet");
        OpusPackets sound = OpusPackets.read(packets, mostSeconds);
        // A recorder may have left gaps between pages; the sound is what its packets hold.
        long length = Math.min(sound.lastGranule() - sound.firstGranule(), sound.samples48k()) - head.preSkip();
        if (length < 0) {
            throw fault("last granule: expected " + (sound.firstGranule() + head.preSkip()) + " or more, found "
                    + sound.lastGranule());
        }
        return new Waveform(decode(sound.packets(), head, length), RATE_HZ);
    }

    private static Head head(byte[] packet) {
        if (!begins(packet, "OpusHead") || packet.length < HEAD_BYTES) {
            throw fault("expected OpusHead in the first packet: not an Opus file");
        }
        ByteBuffer head = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN);
        if ((head.get(8) & 0xf0) != 0) throw fault("version: expected 0 to 15, found " + (head.get(8) & 0xff));
        int channels = head.get(9) & 0xff;
        if (channels < 1 || channels > 2 || head.get(18) != 0) {
            throw fault("expected one or two channels, found " + channels + " of mapping " + (head.get(18) & 0xff));
        }
        return new Head(Short.toUnsignedInt(head.getShort(10)), head.getShort(16));
    }

    private static boolean begins(byte[] packet, String magic) {
        if (packet.length < magic.length()) return false;
        for (int i = 0; i < magic.length(); i++) {
            if (packet[i] != magic.charAt(i)) return false;
        }
        return true;
    }

    /**
     * Decodes at 48 kHz, where pre-skip and length count, and resamples. Concentus 1.0.2 itself makes noise of hybrid packets at
     * any lower rate (its issue 67), and most speech is coded in those.
     */
    private static float[] decode(List<byte[]> packets, Head head, long length48k) {
        OpusDecoder decoder = decoder(head.gain());
        StreamingResampler resampler = new StreamingResampler(CODED_HZ, RATE_HZ);
        float[] decoded = new float[(int) Math.ceilDiv(length48k, CODED_HZ / RATE_HZ)];
        short[] steps = new short[OpusPacket.MAX_SAMPLES_48K];
        int at = 0;
        long place = -head.preSkip();
        for (byte[] packet : packets) {
            int count = decode(decoder, packet, steps);
            int from = Math.clamp(-place, 0, count);
            int to = Math.clamp(length48k - place, from, count);
            float[] resampled = resampler.accept(samples(steps, from, to), false);
            System.arraycopy(resampled, 0, decoded, at, resampled.length);
            at += resampled.length;
            place += count;
        }
        float[] rest = resampler.accept(new float[0], true);
        System.arraycopy(rest, 0, decoded, at, rest.length);
        return decoded;
    }

    private static float[] samples(short[] steps, int from, int to) {
        float[] samples = new float[to - from];
        for (int i = from; i < to; i++) samples[i - from] = steps[i] * 0x1p-15f;
        return samples;
    }

    private static OpusDecoder decoder(int gain) {
        try {
            OpusDecoder decoder = new OpusDecoder(CODED_HZ, 1);
            decoder.setGain(gain);
            return decoder;
        } catch (OpusException e) {
            throw new IllegalStateException(e); // rate and channels are among those it knows
        }
    }

    /** The library trusts packets in places, and then fails as Java fails: at the end of an array, or on an assertion. */
    private static int decode(OpusDecoder decoder, byte[] packet, short[] steps) {
        int expected = OpusPacket.samples48k(packet);
        int found;
        try {
            found = decoder.decode(packet, 0, packet.length, steps, 0, expected, false);
        } catch (OpusException | RuntimeException | AssertionError e) {
            throw new IllegalArgumentException("opus: a damaged packet of " + packet.length + " bytes", e);
        }
        if (found != expected) throw fault("expected " + expected + " samples of a packet, found " + found);
        return found;
    }

    static IllegalArgumentException fault(String fault) {
        return new IllegalArgumentException("opus: " + fault);
    }
}
