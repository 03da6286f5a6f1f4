package sparrow.study.heads;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sparrow.engine.weights.BadFileException;

/**
 * The record files of a store: {@code records/00017.bin} holds the replies to the prompts of batch 17, in the order of
 * the prompts, without those that could not be asked. A file is whole or not there.
 *
 * @param folder that they lie in
 * @param facts of the store
 */
record RecordFiles(Path folder, StoreFacts facts) {
    private static final String FOLDER = "records";
    private static final Pattern NAME = Pattern.compile("\\d{5,9}\\.bin");

    static RecordFiles of(Path store, StoreFacts facts) {
        return new RecordFiles(store.resolve(FOLDER), facts);
    }

    /** The batch of a prompt. */
    int batch(int prompt) {
        return prompt / facts.batch();
    }

    Path file(int batch) {
        return folder.resolve("%05d.bin".formatted(batch));
    }

    /** Where the records of a batch gather until all are there. */
    Path gathering(int batch) {
        return folder.resolve("%05d.part".formatted(batch));
    }

    /** The files that are there, by batch. */
    NavigableMap<Integer, Path> list() throws IOException {
        NavigableMap<Integer, Path> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                String name = file.getFileName().toString();
                if (!NAME.matcher(name).matches()) continue;
                int batch = Integer.parseInt(name.substring(0, name.indexOf('.')));
                // One batch has one name.
                if (file.equals(file(batch))) files.put(batch, file);
            }
        }
        return files;
    }

    /** Deletes what a killed process left half written. */
    void deleteParts() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) if (file.toString().endsWith(".part")) Files.delete(file);
        }
    }

    /**
     * The replies of a batch, every byte checked.
     *
     * @param arena as long as which they can be read
     * @throws BadFileException if the file is cut or damaged
     * @throws IOException if it cannot be read
     */
    List<StoredReply> read(int batch, Arena arena) throws IOException {
        Path file = file(batch);
        long first = (long) batch * facts.batch();
        List<StoredReply> replies =
                RecordScan.whole(file, map(file, arena), facts.layout(), first, first + facts.batch() - 1);
        RecordCheck.check(file, replies, facts.vocabulary());
        return replies;
    }

    static MemorySegment map(Path file, Arena arena) throws IOException {
        if (!Files.isRegularFile(file)) throw new BadFileException(file, "expected a file, found something else");
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }
}
