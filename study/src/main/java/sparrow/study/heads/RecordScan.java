package sparrow.study.heads;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import sparrow.engine.weights.BadFileException;

/** Finds the records of a file, one after the other, and checks every byte. Nothing is allocated by what a header says. */
final class RecordScan {
    private final Path file;
    private final MemorySegment bytes;
    private final RecordLayout layout;
    private final Numbering numbering;
    private final String advice;
    private final List<StoredReply> replies = new ArrayList<>();

    /** Which number a record may have. */
    private interface Numbering {
        /**
         * Whether a number may follow.
         *
         * @param before number of the record before; one below the first where there is none
         */
        boolean allows(int number, long before);
    }

    private RecordScan(Path file, MemorySegment bytes, RecordLayout layout, Numbering numbering, String advice) {
        this.file = file;
        this.bytes = bytes;
        this.layout = layout;
        this.numbering = numbering;
        this.advice = advice;
    }

    /**
     * The whole records of a file that grew record by record, of the prompts from 0 on. A process that was killed left
     * at most the last one unfinished: that one is left out.
     *
     * @throws BadFileException if a record is damaged
     */
    static List<StoredReply> grown(Path file, MemorySegment bytes, RecordLayout layout) {
        RecordScan scan = new RecordScan(
                file,
                bytes,
                layout,
                (number, before) -> number == before + 1,
                "is damaged; cut the file there to do with the replies before");
        scan.from(-1);
        return scan.replies;
    }

    /**
     * The records of a file that was written whole: numbers ascend, and may be missing.
     *
     * @param first number of the batch
     * @param last number of the batch
     * @throws BadFileException if the file is cut or damaged
     */
    static List<StoredReply> whole(Path file, MemorySegment bytes, RecordLayout layout, long first, long last) {
        RecordScan scan = new RecordScan(
                file,
                bytes,
                layout,
                (number, before) -> number > before && number <= last,
                "is damaged; the command that made the store makes this file anew");
        long end = scan.from(first - 1);
        if (end < bytes.byteSize()) throw scan.damaged(end);
        return scan.replies;
    }

    /** Takes all records up to one that is not finished, and says where it begins. */
    private long from(long before) {
        long at = 0;
        while (bytes.byteSize() - at >= RecordHeader.BYTES) {
            RecordHeader header = header(at, before);
            if (header == null) break;
            long begin = at + RecordHeader.BYTES;
            if (bytes.byteSize() - begin < header.bytes()) break;
            MemorySegment data = bytes.asSlice(begin, header.bytes());
            boolean last = begin + header.bytes() == bytes.byteSize();
            if (checksum(data) != header.checksum()) {
                if (last) break;
                throw damaged(at);
            }
            replies.add(new StoredReply(data, header, layout));
            before = header.number();
            at = begin + header.bytes();
        }
        return at;
    }

    /** The header at a place; null where a lost write left zeros up to the end of the file. */
    private RecordHeader header(long at, long before) {
        RecordHeader header =
                RecordHeader.read(bytes.asSlice(at, RecordHeader.BYTES).toArray(ValueLayout.JAVA_BYTE));
        boolean sound = header != null
                && numbering.allows(header.number(), before)
                && header.positions() > 0
                && layout.fits(header.positions(), header.bytes());
        if (sound) return header;
        if (header == null && isZero(bytes.asSlice(at))) return null;
        throw damaged(at);
    }

    private static boolean isZero(MemorySegment rest) {
        for (long at = 0; at < rest.byteSize(); at++) if (rest.get(ValueLayout.JAVA_BYTE, at) != 0) return false;
        return true;
    }

    private BadFileException damaged(long at) {
        return new BadFileException(file, "record " + (replies.size() + 1) + " at byte " + at, advice);
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
