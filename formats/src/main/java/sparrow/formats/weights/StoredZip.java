package sparrow.formats.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import sparrow.formats.BadFileException;
import sparrow.formats.Printable;

/**
 * Reads a zip archive without compressed entries; contents are slices of the mapped file. Sizes are read from the
 * central directory, so data descriptors are ignored. Zip64 is supported. Checksums are not verified: writers may omit
 * them, and verifying them would read a weight file twice.
 *
 * <p>java.util.zip cannot be used because it reads streams, so the weights would be copied.
 */
final class StoredZip {
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int END = 0x06054b50;
    private static final int END_64_LOCATOR = 0x07064b50;
    private static final int END_64 = 0x06064b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int LOCAL = 0x04034b50;

    private static final int END_BYTES = 22;
    private static final int CENTRAL_BYTES = 46;
    private static final int LOCAL_BYTES = 30;
    private static final int ZIP_64_FIELD = 1;
    /** Value of a 32-bit field whose actual value is stored in the entry's Zip64 field. */
    private static final long ELSEWHERE = 0xFFFFFFFFL;

    private final Path file;
    private final MemorySegment whole;
    private final Map<String, MemorySegment> entries = new LinkedHashMap<>();

    private StoredZip(Path file, MemorySegment whole) {
        this.file = file;
        this.whole = whole;
    }

    /**
     * Returns the contents of all entries by name, in directory order.
     *
     * @throws BadFileException if the archive is truncated, inconsistent, or has a compressed or encrypted entry
     */
    static Map<String, MemorySegment> entries(Path file, MemorySegment whole) {
        StoredZip zip = new StoredZip(file, whole);
        zip.readDirectory(zip.findEnd());
        return Collections.unmodifiableMap(zip.entries);
    }

    /**
     * Returns the position of the end record. A comment of at most 65535 bytes may follow the record, up to the end of
     * the file.
     */
    private long findEnd() {
        long last = whole.byteSize() - END_BYTES;
        for (long at = last; at >= Math.max(0, last - 0xFFFF); at--) {
            if (u32(at) == END && u16(at + 20) == last - at) return at;
        }
        throw new BadFileException(
                file,
                "expected a zip archive as PyTorch writes it, found no end record (another format, or cut short)");
    }

    private void readDirectory(long end) {
        long count = u16(end + 10);
        long bytes = u32(end + 12) & ELSEWHERE;
        long start = u32(end + 16) & ELSEWHERE;
        long limit = end;
        if (end >= 20 && u32(end - 20) == END_64_LOCATOR) {
            long end64 = u64(end - 12);
            check(end64 >= 0 && end64 <= end - 20 - 56 && u32(end64) == END_64, "Zip64 end record", "is missing");
            count = u64(end64 + 32);
            bytes = u64(end64 + 40);
            start = u64(end64 + 48);
            limit = end64;
        }
        check(start >= 0 && bytes >= 0 && start <= limit && bytes <= limit - start, "directory", "is out of bounds");
        check(count >= 0 && count <= bytes / CENTRAL_BYTES, "directory", count + " entries do not fit its size");
        long at = start;
        for (long i = 0; i < count; i++) at = readEntry(at, start + bytes);
    }

    /** Reads one entry of the directory that ends at {@code limit} and returns the position of the next entry. */
    private long readEntry(long at, long limit) {
        check(limit - at >= CENTRAL_BYTES && u32(at) == CENTRAL, "directory", "expected an entry at byte " + at);
        int nameBytes = u16(at + 28);
        int extraBytes = u16(at + 30);
        long next = at + CENTRAL_BYTES + nameBytes + extraBytes + u16(at + 32);
        check(next <= limit, "directory", "entry at byte " + at + " is out of bounds");
        String name = new String(
                whole.asSlice(at + CENTRAL_BYTES, nameBytes).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        check((u16(at + 8) & 1) == 0, name, "is encrypted");
        int method = u16(at + 10);
        check(method == 0, name, "expected a stored entry, found compression method " + method);
        long[] fields = {u32(at + 24) & ELSEWHERE, u32(at + 20) & ELSEWHERE, u32(at + 42) & ELSEWHERE};
        fillFromZip64(name, fields, at + CENTRAL_BYTES + nameBytes, extraBytes);
        check(fields[0] == fields[1], name, "stored size " + fields[1] + " differs from size " + fields[0]);
        MemorySegment previous = entries.put(name, content(name, fields[2], fields[0]));
        check(previous == null, name, "occurs twice");
        return next;
    }

    /** Replaces the elements of {size, stored size, position} whose value is stored in the Zip64 field. */
    private void fillFromZip64(String name, long[] fields, long extra, int extraBytes) {
        long end = extra + extraBytes;
        for (long at = extra; at + 4 <= end; at += 4 + u16(at + 2)) {
            long fieldEnd = at + 4 + u16(at + 2);
            check(fieldEnd <= end, name, "extra field is out of bounds");
            if (u16(at) != ZIP_64_FIELD) continue;
            long value = at + 4;
            for (int i = 0; i < fields.length; i++) {
                if (fields[i] != ELSEWHERE) continue;
                check(value + 8 <= fieldEnd, name, "Zip64 field is too short");
                fields[i] = u64(value);
                value += 8;
            }
            return;
        }
    }

    private MemorySegment content(String name, long header, long size) {
        check(header >= 0 && header <= whole.byteSize() - LOCAL_BYTES, name, "place " + header + " is out of bounds");
        check(u32(header) == LOCAL, name, "expected a local header at byte " + header);
        long start = header + LOCAL_BYTES + u16(header + 26) + u16(header + 28);
        check(
                size >= 0 && start <= whole.byteSize() && size <= whole.byteSize() - start,
                name,
                "expected " + size + " bytes from byte " + start + ", found a file of " + whole.byteSize());
        return whole.asSlice(start, size);
    }

    private void check(boolean holds, String place, String fault) {
        if (!holds) throw new BadFileException(file, "zip: " + Printable.of(place), fault);
    }

    private int u16(long at) {
        return Short.toUnsignedInt(whole.get(U16, at));
    }

    private int u32(long at) {
        return whole.get(U32, at);
    }

    private long u64(long at) {
        return whole.get(U64, at);
    }
}
