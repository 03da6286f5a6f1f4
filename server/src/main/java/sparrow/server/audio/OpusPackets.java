package sparrow.server.audio;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The packets of sound of one file, of which nothing is decoded yet.
 *
 * @param packets in order
 * @param samples48k how long they last together, in samples at 48 kHz
 * @param firstGranule where the first one begins: more than 0 if the recorder came late
 * @param lastGranule where the sound ends, at or before the end of the last packet
 */
record OpusPackets(List<byte[]> packets, long samples48k, long firstGranule, long lastGranule) {
    /**
     * All packets up to the end of the file.
     *
     * @throws IllegalArgumentException if they last longer than allowed, or if a page says an impossible place
     */
    static OpusPackets read(OggPackets from, int mostSeconds) {
        List<byte[]> packets = new ArrayList<>();
        long samples = 0;
        long firstGranule = -1;
        while (from.hasNext()) {
            byte[] packet = from.next();
            samples += OpusPacket.samples48k(packet);
            if (samples > mostSeconds * 48_000L) {
                throw OggOpusReader.fault(
                        String.format(Locale.ROOT, "expected at most %d s of sound, found more", mostSeconds));
            }
            packets.add(packet);
            if (firstGranule < 0 && from.isLastOfPage()) firstGranule = firstGranule(from, samples);
        }
        if (packets.isEmpty()) throw OggOpusReader.fault("expected packets of sound, found none");
        return new OpusPackets(packets, samples, firstGranule, from.granule());
    }

    /** Only a last page may stand before the end of its packets: it cuts what is too much. */
    private static long firstGranule(OggPackets from, long samples) {
        long first = from.granule() - samples;
        if (first < 0 && !from.isLastPage()) {
            throw OggOpusReader.fault("first granule: expected " + samples + " or more, found " + from.granule());
        }
        return Math.max(0, first);
    }
}
