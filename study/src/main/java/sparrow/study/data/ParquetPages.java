package sparrow.study.data;

import dev.hardwood.internal.metadata.DataPageHeaderV2;
import dev.hardwood.internal.metadata.PageHeader;
import dev.hardwood.internal.thrift.OffsetIndexReader;
import dev.hardwood.internal.thrift.PageHeaderReader;
import dev.hardwood.internal.thrift.ThriftCompactReader;
import dev.hardwood.metadata.ColumnChunk;
import dev.hardwood.metadata.CompressionCodec;
import dev.hardwood.metadata.PageLocation;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.Map;

/**
 * Follows the pages of a column chunk before the reader does, because the reader believes them. Lengths in page headers
 * that lead backwards, nowhere or beyond the chunk make it go in circles for ever, on threads that cannot be stopped and
 * that every later file waits for; a Snappy block that is longer than its page says is written beyond the page's memory,
 * and ends the process. Headers are parsed by the reader's own classes, so that both see the same; they refuse negative numbers.
 */
final class ParquetPages {
    /** Bytes that a header is looked for in at first, and at most: it may hold statistics. */
    private static final int PEEK = 1 << 10;

    private static final int MAX_PEEK = 1 << 20;

    private final FileChannel channel;
    private final ColumnChunk chunk;
    private final long begin;
    private final long length;

    /** Bytes with header, by place in the file. */
    private final Map<Long, Long> pages = new HashMap<>();

    private ParquetPages(FileChannel channel, ColumnChunk chunk) {
        this.channel = channel;
        this.chunk = chunk;
        this.begin = chunk.chunkStartOffset();
        this.length = chunk.metaData().totalCompressedSize();
    }

    /**
     * Refuses a chunk whose pages do not follow one another to its end.
     *
     * @throws IllegalArgumentException in one line if a length is not right
     * @throws IOException if the file cannot be read, or a header not be parsed
     */
    static void check(FileChannel channel, ColumnChunk chunk) throws IOException {
        ParquetPages pages = new ParquetPages(channel, chunk);
        pages.follow();
        if (chunk.offsetIndexOffset() != null) pages.checkIndex();
    }

    private record Parsed(PageHeader header, int bytes) {}

    private void follow() throws IOException {
        expect(begin >= 0 && length >= 0 && begin <= channel.size() - length, "a column chunk within the file");
        long at = 0;
        long values = 0;
        while (at < length && values < chunk.metaData().numValues()) {
            Parsed page = header(at);
            PageHeader header = page.header;
            long bytes = (long) page.bytes + header.compressedPageSize();
            expect(bytes <= length - at, "a page within its column chunk");
            if (chunk.metaData().codec() == CompressionCodec.SNAPPY) checkSnappy(header, begin + at + page.bytes);
            pages.put(begin + at, bytes);
            at += bytes;
            values += values(header);
        }
    }

    private static void expect(boolean right, String expected) {
        if (!right) throw new IllegalArgumentException("expected " + expected);
    }

    private static int values(PageHeader header) {
        return switch (header.type()) {
            case DATA_PAGE -> header.dataPageHeader().numValues();
            case DATA_PAGE_V2 -> header.dataPageHeaderV2().numValues();
            case DICTIONARY_PAGE, INDEX_PAGE -> 0;
        };
    }

    /** Bytes before the compressed ones, which pages of the second version have. */
    private static long levels(PageHeader header) {
        if (header.type() != PageHeader.PageType.DATA_PAGE_V2) return 0;
        DataPageHeaderV2 levels = header.dataPageHeaderV2();
        return (long) levels.repetitionLevelsByteLength() + levels.definitionLevelsByteLength();
    }

    /** A block begins with its length: seven bits a byte, the lowest first. */
    private void checkSnappy(PageHeader header, long at) throws IOException {
        if (header.type() == PageHeader.PageType.INDEX_PAGE) return;
        long levels = levels(header);
        long compressed = header.compressedPageSize() - levels;
        if (header.type() == PageHeader.PageType.DATA_PAGE_V2
                && (!header.dataPageHeaderV2().isCompressed() || compressed == 0)) {
            return;
        }
        expect(compressed > 0, "levels within their page");
        ByteBuffer begins = read(at + levels, (int) Math.min(5, compressed));
        long expands = new ThriftCompactReader(begins).readVarint();
        expect(expands == header.uncompressedPageSize() - levels, "as many bytes as a page says that it has");
    }

    /** The reader goes by the index where there is one, past the pages that were followed. */
    private void checkIndex() throws IOException {
        long at = chunk.offsetIndexOffset();
        Integer bytes = chunk.offsetIndexLength();
        expect(bytes != null && bytes > 0 && at >= 0 && at <= channel.size() - bytes, "an index within the file");
        for (PageLocation page :
                OffsetIndexReader.read(new ThriftCompactReader(read(at, bytes))).pageLocations()) {
            Long found = pages.get(page.offset());
            expect(found != null && found == page.compressedPageSize(), "an index of the pages that are there");
        }
    }

    private Parsed header(long at) throws IOException {
        for (int peek = PEEK; ; peek *= 2) {
            ByteBuffer bytes = read(begin + at, (int) Math.min(peek, length - at));
            ThriftCompactReader reader = new ThriftCompactReader(bytes);
            try {
                return new Parsed(PageHeaderReader.read(reader), reader.getBytesRead());
            } catch (EOFException e) {
                if (peek >= length - at || peek >= MAX_PEEK) throw e;
            }
        }
    }

    private ByteBuffer read(long at, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
            // The next piece.
        }
        return bytes.flip();
    }
}
