package sparrow.server.audio;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A second reader of Ogg pages, written from RFC 3533 alone and slow: it shares nothing with the one under test. */
final class PlainOgg {
    /** Header fields as they stand, and the packets that end on the page. */
    record Page(int flags, long granule, long serial, long sequence, List<byte[]> packets) {}

    private PlainOgg() {}

    static List<Page> pages(byte[] file) {
        List<Page> pages = new ArrayList<>();
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        for (int at = 0; at < file.length; ) {
            String magic = new String(file, at, 4, StandardCharsets.US_ASCII);
            if (!magic.equals("OggS") || file[at + 4] != 0) throw new AssertionError("no page at " + at);
            int segments = (int) number(file, at + 26, 1);
            int body = at + 27 + segments;
            List<byte[]> packets = new ArrayList<>();
            for (int i = 0; i < segments; i++) {
                int length = (int) number(file, at + 27 + i, 1);
                packet.write(file, body, length);
                body += length;
                if (length < 255) {
                    packets.add(packet.toByteArray());
                    packet.reset();
                }
            }
            if (number(file, at + 22, 4) != remainder(file, at, body)) throw new AssertionError("checksum at " + at);
            pages.add(new Page(
                    file[at + 5],
                    number(file, at + 6, 8),
                    number(file, at + 14, 4),
                    number(file, at + 18, 4),
                    List.copyOf(packets)));
            at = body;
        }
        return pages;
    }

    /** Sets the checksums of all pages that begin where they should, so that damage inside of them goes unnoticed. */
    static void mendChecksums(byte[] file) {
        for (int at = 0; at + 27 <= file.length; ) {
            int segments = (int) number(file, at + 26, 1);
            int end = at + 27 + segments;
            for (int i = 0; i < segments && at + 27 + i < file.length; i++) end += (int) number(file, at + 27 + i, 1);
            if (end > file.length) return;
            long sum = remainder(file, at, end);
            for (int i = 0; i < 4; i++) file[at + 22 + i] = (byte) (sum >> 8 * i);
            at = end;
        }
    }

    private static long number(byte[] file, int at, int bytes) {
        long number = 0;
        for (int i = bytes - 1; i >= 0; i--) number = number << 8 | file[at + i] & 0xff;
        return number;
    }

    /** Long division by x^32 + x^26 + … + 1, bit by bit, of the page with a zero for its checksum. */
    private static long remainder(byte[] file, int from, int to) {
        long remainder = 0;
        for (int i = from; i < to + 4; i++) {
            int b = i >= to || i >= from + 22 && i < from + 26 ? 0 : file[i];
            for (int bit = 7; bit >= 0; bit--) {
                remainder = remainder << 1 | b >> bit & 1;
                if (remainder >> 32 != 0) remainder ^= 0x1_04c1_1db7L;
            }
        }
        return remainder;
    }
}
