package sparrow.study.data;

import dev.hardwood.internal.thrift.FileMetaDataReader;
import dev.hardwood.internal.thrift.ThriftCompactReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Reads Thrift structures, and rejects a length that exceeds the remaining bytes before memory is allocated for it. The
 * Parquet reader itself allocates any length up to two gigabytes.
 */
final class BoundedThriftReader extends ThriftCompactReader {
    /** Bytes at the end of a Parquet file: the length of the footer, and the file type. */
    private static final int TAIL = 8;

    private final int size;

    BoundedThriftReader(ByteBuffer bytes) {
        super(bytes);
        size = bytes.remaining();
    }

    @Override
    public byte[] readBinary() throws IOException {
        byte[] bytes = new byte[within(readVarint())];
        readBytes(bytes);
        return bytes;
    }

    @Override
    public CollectionHeader readListHeader() throws IOException {
        CollectionHeader header = super.readListHeader();
        within(header.size());
        return header;
    }

    private int within(long length) throws EOFException {
        if (length >= 0 && length <= size - getBytesRead()) return (int) length;
        throw new EOFException("expected a length of at most " + (size - getBytesRead()) + " bytes, got " + length);
    }

    /**
     * Parses a Parquet file's footer, so that a later parser without checks can parse it too.
     *
     * @throws IOException if the file cannot be read, or if its footer is invalid
     */
    static void checkFooter(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long end = channel.size() - TAIL;
            if (end < 0) return; // the parser rejects a short file
            int length = read(channel, end, TAIL).order(ByteOrder.LITTLE_ENDIAN).getInt();
            if (length < 0 || length > end) return; // the parser compares the length with the file
            FileMetaDataReader.read(new BoundedThriftReader(read(channel, end - length, length)));
        }
    }

    /** Reads a part of a file. The result is shorter than {@code count} bytes if the file ends before. */
    static ByteBuffer read(FileChannel channel, long at, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
            // Read the next part.
        }
        return bytes.flip();
    }
}
