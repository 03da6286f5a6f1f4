package sparrow.study.heads;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import sparrow.engine.weights.AtomicFile;

/**
 * The records of one batch until all are there, in whatever order they come. They gather on the disk: those of a long
 * batch of a large model take a gigabyte.
 */
final class BatchRecords implements AutoCloseable {
    private final Path gathering;
    private final FileChannel channel;
    private final NavigableMap<Integer, Kept> kept = new TreeMap<>();

    /**
     * A record in the file.
     *
     * @param begin byte of its data
     */
    private record Kept(RecordHeader header, long begin) {}

    BatchRecords(Path gathering) throws IOException {
        this.gathering = gathering;
        this.channel = FileChannel.open(
                gathering,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    /** Keeps a record; one that comes twice counts once. */
    void keep(int number, PromptKey key, ReplyRecord record) throws IOException {
        CRC32C sum = new CRC32C();
        sum.update(record.bytes());
        long begin = channel.position();
        ByteBuffer bytes = ByteBuffer.wrap(record.bytes());
        while (bytes.hasRemaining()) channel.write(bytes);
        RecordHeader header =
                new RecordHeader(number, record.positions(), record.bytes().length, (int) sum.getValue(), key);
        kept.put(number, new Kept(header, begin));
    }

    /**
     * Writes the file of the batch, in the order of the prompts.
     *
     * @param before records that the file has already; they stay as they are
     * @return the headers of all
     */
    List<RecordHeader> write(Path file, List<StoredReply> before) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment gathered = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            NavigableMap<Integer, MemorySegment> data = new TreeMap<>();
            NavigableMap<Integer, RecordHeader> headers = new TreeMap<>();
            kept.forEach((number, record) -> {
                headers.put(number, record.header());
                data.put(
                        number, gathered.asSlice(record.begin(), record.header().bytes()));
            });
            for (StoredReply reply : before) {
                headers.put(reply.header().number(), reply.header());
                data.put(reply.header().number(), reply.data());
            }
            AtomicFile.write(file, whole -> {
                for (RecordHeader header : headers.values()) {
                    whole.write(header.write());
                    whole.write(data.get(header.number()).asByteBuffer());
                }
            });
            return new ArrayList<>(headers.values());
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(gathering);
    }
}
