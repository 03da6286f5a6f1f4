package sparrow.study.heads;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The 48 bytes before a record, little-endian: a magic number, the record's number, its positions, its checksum, its
 * length in bytes, the key of its prompt, four bytes of zeros, and a checksum of all these.
 *
 * @param number of the record, from 0: that of its prompt
 * @param positions of the reply
 * @param bytes of the record
 * @param checksum CRC-32C of the record
 * @param key of the prompt ({@link HarvestPrompt#key})
 */
record RecordHeader(int number, int positions, long bytes, int checksum, PromptKey key) {
    static final int BYTES = 48;

    /** "SPHR" as it lies in the file. */
    private static final int MAGIC = 0x52485053;

    /** The header in its own memory, to be read from the beginning. */
    ByteBuffer write() {
        ByteBuffer header = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(MAGIC).putInt(number).putInt(positions).putInt(checksum).putLong(bytes);
        header.putLong(key.high()).putLong(key.low()).putInt(0);
        header.putInt(checksum(header.array()));
        return header.flip();
    }

    /** The header in 48 bytes; null if they are none. */
    static RecordHeader read(byte[] bytes) {
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (header.getInt(0) != MAGIC || header.getInt(BYTES - 4) != checksum(bytes)) return null;
        return new RecordHeader(
                header.getInt(4),
                header.getInt(8),
                header.getLong(16),
                header.getInt(12),
                new PromptKey(header.getLong(24), header.getLong(32)));
    }

    private static int checksum(byte[] header) {
        CRC32C sum = new CRC32C();
        sum.update(header, 0, BYTES - 4);
        return (int) sum.getValue();
    }
}
