package sparrow.study.heads;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import sparrow.engine.weights.BadFileException;

/**
 * The whole records of a file. A process that is killed leaves at most its last record unfinished: that one is left out,
 * and {@link #end} is where the whole ones end. A wrong byte before that is refused.
 *
 * @param replies in the order of the file, which is that of the prompts
 * @param end bytes of whole records
 */
record RecordScan(List<StoredReply> replies, long end) {
    /**
     * Reads all headers and checks every byte.
     *
     * @throws BadFileException if a record is damaged
     */
    static RecordScan of(Path file, MemorySegment bytes, RecordLayout layout) {
        List<StoredReply> replies = new ArrayList<>();
        long at = 0;
        while (bytes.byteSize() - at >= RecordHeader.BYTES) {
            RecordHeader header = header(file, bytes, at, replies.size(), layout);
            if (header == null) break;
            long begin = at + RecordHeader.BYTES;
            if (bytes.byteSize() - begin < header.bytes()) break;
            MemorySegment data = bytes.asSlice(begin, header.bytes());
            boolean last = begin + header.bytes() == bytes.byteSize();
            if (checksum(data) != header.checksum()) {
                if (last) break;
                throw damaged(file, replies.size(), at);
            }
            replies.add(new StoredReply(data, header, layout));
            at = begin + header.bytes();
        }
        return new RecordScan(replies, at);
    }

    /** The header at a place; null where a lost write left zeros up to the end of the file. */
    private static RecordHeader header(Path file, MemorySegment bytes, long at, int number, RecordLayout layout) {
        RecordHeader header =
                RecordHeader.read(bytes.asSlice(at, RecordHeader.BYTES).toArray(ValueLayout.JAVA_BYTE));
        boolean sound = header != null
                && header.number() == number
                && header.positions() > 0
                && layout.fits(header.positions(), header.bytes());
        if (sound) return header;
        if (header == null && isZero(bytes.asSlice(at))) return null;
        throw damaged(file, number, at);
    }

    private static boolean isZero(MemorySegment rest) {
        for (long at = 0; at < rest.byteSize(); at++) if (rest.get(ValueLayout.JAVA_BYTE, at) != 0) return false;
        return true;
    }

    private static BadFileException damaged(Path file, int number, long at) {
        return new BadFileException(
                file,
                "record " + (number + 1) + " at byte " + at,
                "is damaged; cut the file there to harvest this prompt and those after it again");
    }

    private static int checksum(MemorySegment data) {
        CRC32C sum = new CRC32C();
        // A byte buffer holds two gigabytes at most.
        for (long at = 0; at < data.byteSize(); at += 1 << 30) {
            sum.update(data.asSlice(at, Math.min(1 << 30, data.byteSize() - at)).asByteBuffer());
        }
        return (int) sum.getValue();
    }
}
