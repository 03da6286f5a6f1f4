package sparrow.study.data;

import dev.hardwood.internal.metadata.DataPageHeaderV2;
import dev.hardwood.internal.metadata.PageHeader;
import dev.hardwood.internal.thrift.OffsetIndexReader;
import dev.hardwood.internal.thrift.PageHeaderReader;
import dev.hardwood.metadata.ColumnChunk;
import dev.hardwood.metadata.CompressionCodec;
import dev.hardwood.metadata.PageLocation;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Checks the pages of a column chunk before the reader processes them, because the reader does not check them. If
 * lengths in page headers point backwards, to the same page or beyond the chunk, the reader loops forever, on threads
 * that cannot be stopped and that block later files. If a Snappy block is longer than its page specifies, it is written
 * beyond the page's memory, which crashes the process. Headers are parsed by the reader's own classes, so that this
 * check and the reader interpret them in the same way; these classes reject negative numbers.
 */
final class ParquetPages {
    /** Initial and maximum number of bytes read for a header, which may contain statistics. */
    private static final int PEEK = 1 << 10;

    private static final int MAX_PEEK = 1 << 20;

    /** Codecs that can be decompressed; the reader has an optional library for each of the others. */
    private static final Set<CompressionCodec> CODECS =
            EnumSet.of(CompressionCodec.UNCOMPRESSED, CompressionCodec.SNAPPY, CompressionCodec.GZIP);

    private final FileChannel channel;
    private final ColumnChunk chunk;
    private final long begin;
    private final long length;

    /** Page sizes including headers, in bytes, by file offset. */
    private final Map<Long, Long> pages = new HashMap<>();

    private ParquetPages(FileChannel channel, ColumnChunk chunk) {
        this.channel = channel;
        this.chunk = chunk;
        this.begin = chunk.chunkStartOffset();
        this.length = chunk.metaData().totalCompressedSize();
    }

    /**
     * Rejects a chunk whose pages are not contiguous up to its end.
     *
     * @throws IllegalArgumentException if a length is invalid; the message is one line
     * @throws IOException if the file cannot be read, or a header cannot be parsed
     */
    static void check(FileChannel channel, ColumnChunk chunk) throws IOException {
        CompressionCodec codec = chunk.metaData().codec();
        if (!CODECS.contains(codec)) {
            throw new IllegalArgumentException("expected a column without compression, or with snappy or gzip, found "
                    + codec.name().toLowerCase(Locale.ROOT));
        }
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

    /** Returns the number of uncompressed bytes before the compressed bytes in a version 2 page. */
    private static long levels(PageHeader header) {
        if (header.type() != PageHeader.PageType.DATA_PAGE_V2) return 0;
        DataPageHeaderV2 levels = header.dataPageHeaderV2();
        return (long) levels.repetitionLevelsByteLength() + levels.definitionLevelsByteLength();
    }

    /** Checks a Snappy block, which starts with its length: seven bits per byte, lowest bits first. */
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
        long expands = new BoundedThriftReader(begins).readVarint();
        expect(expands == header.uncompressedPageSize() - levels, "the number of bytes in the page header");
    }

    /**
     * Checks the page index. If a chunk has an index, the reader uses its offsets, which may differ from the pages
     * checked so far.
     */
    private void checkIndex() throws IOException {
        long at = chunk.offsetIndexOffset();
        Integer bytes = chunk.offsetIndexLength();
        expect(bytes != null && bytes > 0 && at >= 0 && at <= channel.size() - bytes, "an index within the file");
        for (PageLocation page :
                OffsetIndexReader.read(new BoundedThriftReader(read(at, bytes))).pageLocations()) {
            Long found = pages.get(page.offset());
            expect(found != null && found == page.compressedPageSize(), "an index that matches the pages");
        }
    }

    private Parsed header(long at) throws IOException {
        for (int peek = PEEK; ; peek *= 2) {
            ByteBuffer bytes = read(begin + at, (int) Math.min(peek, length - at));
            BoundedThriftReader reader = new BoundedThriftReader(bytes);
            try {
                return new Parsed(PageHeaderReader.read(reader), reader.getBytesRead());
            } catch (EOFException e) {
                if (peek >= length - at || peek >= MAX_PEEK) throw e;
            }
        }
    }

    private ByteBuffer read(long at, int count) throws IOException {
        return BoundedThriftReader.read(channel, at, count);
    }
}
