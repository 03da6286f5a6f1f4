package sparrow.server.audio;

import java.io.ByteArrayOutputStream;

/**
 * The packets of an Ogg file with one stream, in file order. The reader checks that all pages have the same serial
 * number, that there is a first and a last page, that sequence numbers are consecutive, and that unfinished packets
 * continue on the next page.
 */
final class OggPackets {
    private final byte[] file;
    private int at;
    private OggPage page;
    private int segment;
    private int bodyAt;
    private long lastGranule = OggPage.NO_GRANULE;

    /**
     * Creates a reader for a file's packets.
     *
     * @throws IllegalArgumentException if the file does not begin with a first page
     */
    OggPackets(byte[] file) {
        this.file = file;
        page = OggPage.read(file, 0);
        if (!page.is(OggPage.FIRST) || page.is(OggPage.CONTINUED)) throw fault("expected a first page at the start");
        opened();
    }

    /**
     * Returns whether there is another packet. If there is no further packet, the last page has been read.
     *
     * @throws IllegalArgumentException if one of the pages up to the next packet is invalid
     */
    boolean hasNext() {
        while (segment == page.segments().length && !page.is(OggPage.LAST)) turn(false);
        return segment < page.segments().length;
    }

    /**
     * Returns the next packet, which may be empty.
     *
     * @throws IllegalArgumentException if there is no next packet, or if one of its pages is invalid
     */
    byte[] next() {
        if (!hasNext()) throw fault("expected another packet after the last one");
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        int length;
        do {
            while (segment == page.segments().length) turn(true);
            length = page.segments()[segment++] & 0xff;
            packet.write(page.body(), bodyAt, length);
            bodyAt += length;
        } while (length == 255);
        return packet.toByteArray();
    }

    /**
     * Returns whether the newest packet is the last packet that ends on its page. If so, {@link #granule} returns the
     * position of its end.
     */
    boolean isLastOfPage() {
        for (int i = segment; i < page.segments().length; i++) {
            if ((page.segments()[i] & 0xff) < 255) return false;
        }
        return true;
    }

    /** Returns whether the newest packet ends on the last page. */
    boolean endsOnLastPage() {
        return page.is(OggPage.LAST);
    }

    /**
     * Returns the newest granule position of the pages read so far, or {@link OggPage#NO_GRANULE} if no page has a
     * position.
     */
    long granule() {
        return lastGranule;
    }

    private void turn(boolean insidePacket) {
        if (page.is(OggPage.LAST)) throw fault("the last page ends within a packet (truncated?)");
        if (at == file.length) throw fault("no last page (truncated?)");
        OggPage next = OggPage.read(file, at);
        if (next.is(OggPage.FIRST) || next.serial() != page.serial()) {
            throw fault("expected one stream, found another one at byte " + at);
        }
        if (next.sequence() != page.sequence() + 1) {
            throw fault("expected page " + (page.sequence() + 1) + " at byte " + at + ", found " + next.sequence());
        }
        if (next.is(OggPage.CONTINUED) != insidePacket) {
            throw fault("page " + next.sequence() + " does not continue where the previous one ends");
        }
        page = next;
        opened();
    }

    private void opened() {
        at += page.length();
        segment = 0;
        bodyAt = 0;
        if (page.granule() != OggPage.NO_GRANULE) lastGranule = page.granule();
        if (page.is(OggPage.LAST) && at < file.length) {
            throw fault("expected one stream, found " + (file.length - at) + " bytes after its last page");
        }
    }

    private static IllegalArgumentException fault(String fault) {
        return new IllegalArgumentException("ogg: " + fault);
    }
}
