package sparrow.study.heads;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import sparrow.engine.weights.BadFileException;
import sparrow.study.run.Resumption;
import sparrow.study.run.RunFacts;
import sparrow.study.run.RunFolder;

/** A store that grows: one record after the other, each written whole before the next begins. */
final class HarvestWriter implements AutoCloseable {
    private final Path records;
    private final FileChannel channel;
    private final List<RecordHeader> headers;

    private HarvestWriter(Path records, FileChannel channel, List<RecordHeader> headers) {
        this.records = records;
        this.channel = channel;
        this.headers = headers;
    }

    /**
     * Begins a store, or goes on with one that was made with the same facts: an unfinished last record is cut off.
     *
     * @throws IllegalArgumentException if the folder holds something else, a store of other facts, or a damaged one, or
     *     if another process writes it
     * @throws IOException if it cannot be read or written
     */
    static HarvestWriter open(Path folder, RunFacts facts, Resumption resumption) throws IOException {
        Path file = folder.resolve(HarvestStore.FACTS);
        if (Files.exists(file)) facts.goOn(file, resumption);
        else begin(folder, file, facts);
        Path records = folder.resolve(HarvestStore.RECORDS);
        FileChannel channel =
                FileChannel.open(records, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            lock(records, channel);
            List<RecordHeader> headers =
                    recover(records, channel, StoreFacts.of(file, facts).layout());
            return new HarvestWriter(records, channel, headers);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void begin(Path folder, Path file, RunFacts facts) throws IOException {
        if (Files.isRegularFile(folder)) throw new BadFileException(folder, "expected a folder, found a file");
        Files.createDirectories(folder);
        if (!RunFolder.isFree(folder)) {
            throw new BadFileException(folder, "expected a store, or a new or empty folder, found other files");
        }
        facts.write(file);
    }

    private static void lock(Path records, FileChannel channel) throws IOException {
        try {
            if (channel.tryLock() != null) return;
        } catch (OverlappingFileLockException e) {
            // This process has it.
        }
        throw new BadFileException(records, "is being written by another harvest");
    }

    /** Cuts the file behind its whole records. */
    private static List<RecordHeader> recover(Path records, FileChannel channel, RecordLayout layout)
            throws IOException {
        List<RecordHeader> headers = new ArrayList<>();
        long end;
        try (Arena arena = Arena.ofShared()) {
            RecordScan scan = RecordScan.of(records, channel.map(MapMode.READ_ONLY, 0, channel.size(), arena), layout);
            for (StoredReply reply : scan.replies()) headers.add(reply.header());
            end = scan.end();
        }
        channel.truncate(end);
        channel.position(end);
        return headers;
    }

    /** Headers of the records so far. */
    List<RecordHeader> headers() {
        return headers;
    }

    /** Positions of all records so far. */
    long positions() {
        return headers.stream().mapToLong(RecordHeader::positions).sum();
    }

    /**
     * Appends the record of the next prompt.
     *
     * @param positions of the reply, one or more
     */
    void append(PromptKey key, int positions, byte[] record) throws IOException {
        CRC32C sum = new CRC32C();
        sum.update(record);
        RecordHeader header = new RecordHeader(headers.size(), positions, record.length, (int) sum.getValue(), key);
        writeAll(header.write());
        writeAll(ByteBuffer.wrap(record));
        headers.add(header);
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) channel.write(bytes);
    }

    /** Makes sure that what was appended outlives the machine. */
    void flush() throws IOException {
        channel.force(false);
    }

    Path records() {
        return records;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
