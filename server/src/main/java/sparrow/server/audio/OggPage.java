package sparrow.server.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A page of an Ogg file (RFC 3533). It consists of a header, the lengths of up to 255 segments, and the bytes of the
 * segments. A packet is a sequence of segments that ends with the first segment shorter than 255 bytes.
 *
 * @param flags any of {@link #CONTINUED}, {@link #FIRST} and {@link #LAST}
 * @param granule the audio position after the last packet that ends on this page, or {@link #NO_GRANULE} if no packet
 *     ends here
 * @param serial the stream's serial number
 * @param sequence the page's number in its stream, starting at 0
 * @param segments the unsigned segment lengths
 * @param body the bytes of all segments
 */
record OggPage(int flags, long granule, int serial, int sequence, byte[] segments, byte[] body) {
    /** Flag of a page that begins within a packet. */
    static final int CONTINUED = 1;

    /** Flag of a stream's first page. */
    static final int FIRST = 2;

    /** Flag of a stream's last page. */
    static final int LAST = 4;

    static final long NO_GRANULE = -1;

    private static final int MAGIC = 0x5367_674f; // "OggS", little-endian
    private static final int HEADER_BYTES = 27;
    private static final int CHECKSUM_AT = 22;
    private static final int[] CHECKSUMS = checksums();

    /**
     * Reads the page at an offset.
     *
     * @throws IllegalArgumentException if there is no page at the offset, or if its checksum is wrong
     */
    static OggPage read(byte[] file, int at) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(at);
        if (in.remaining() < HEADER_BYTES) throw fault(at, "expected a page, found " + in.remaining() + " bytes");
        if (in.getInt() != MAGIC) throw fault(at, "expected a page, which begins with OggS");
        int version = in.get();
        if (version != 0) throw fault(at, "version: expected 0, found " + version);
        int flags = in.get();
        long granule = in.getLong();
        int serial = in.getInt();
        int sequence = in.getInt();
        int checksum = in.getInt();
        byte[] segments = new byte[in.get() & 0xff];
        if (in.remaining() < segments.length) throw fault(at, "truncated");
        in.get(segments);
        int bodyBytes = sum(segments);
        if (in.remaining() < bodyBytes) {
            throw fault(at, "expected " + bodyBytes + " bytes of segments, found " + in.remaining() + " (truncated?)");
        }
        byte[] body = new byte[bodyBytes];
        in.get(body);
        OggPage page = new OggPage(flags, granule, serial, sequence, segments, body);
        if (page.checksum() != checksum) throw fault(at, "wrong checksum: the page is damaged");
        return page;
    }

    private static IllegalArgumentException fault(int at, String fault) {
        return new IllegalArgumentException("ogg: page at byte " + at + ": " + fault);
    }

    boolean is(int flag) {
        return (flags & flag) != 0;
    }

    int length() {
        return HEADER_BYTES + segments.length + body.length;
    }

    byte[] bytes() {
        ByteBuffer out = withoutChecksum();
        return out.putInt(CHECKSUM_AT, checksum(out.array())).array();
    }

    private int checksum() {
        return checksum(withoutChecksum().array());
    }

    private ByteBuffer withoutChecksum() {
        ByteBuffer out = ByteBuffer.allocate(length()).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).put((byte) 0).put((byte) flags).putLong(granule);
        out.putInt(serial).putInt(sequence).putInt(0);
        return out.put((byte) segments.length).put(segments).put(body);
    }

    /**
     * Returns the CRC-32 with polynomial 04c11db7, most significant bit first, initial value 0, not inverted. The four
     * checksum bytes in the page are treated as zeros.
     */
    private static int checksum(byte[] page) {
        int sum = 0;
        for (byte b : page) sum = sum << 8 ^ CHECKSUMS[sum >>> 24 ^ b & 0xff];
        return sum;
    }

    private static int[] checksums() {
        int[] table = new int[256];
        Arrays.setAll(table, i -> {
            int sum = i << 24;
            for (int bit = 0; bit < 8; bit++) sum = sum << 1 ^ (sum < 0 ? 0x04c1_1db7 : 0);
            return sum;
        });
        return table;
    }

    private static int sum(byte[] segments) {
        int sum = 0;
        for (byte segment : segments) sum += segment & 0xff;
        return sum;
    }
}
