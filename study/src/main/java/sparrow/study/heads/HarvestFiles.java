package sparrow.study.heads;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import sparrow.engine.weights.AtomicFile;
import sparrow.engine.weights.BadFileException;
import sparrow.study.run.FolderLock;
import sparrow.study.run.Resumption;
import sparrow.study.run.RunFacts;
import sparrow.study.run.RunFolder;

/**
 * A store that grows batch by batch, in any order of batches; the records of several may come mixed. A batch is there when
 * its file is; whatever a killed process had of others is harvested again.
 */
final class HarvestFiles implements AutoCloseable {
    private final FolderLock lock;
    private final RecordFiles files;
    private final HarvestFailures failures;

    /** What is there, by batch. */
    private final NavigableMap<Integer, List<RecordHeader>> batches = new TreeMap<>();

    /** Batches that were given up this time. */
    private final Set<Integer> lost = new HashSet<>();

    /** Batches of which some records have come. */
    private final Map<Integer, BatchRecords> gathering = new HashMap<>();

    private HarvestFiles(FolderLock lock, RecordFiles files, HarvestFailures failures) {
        this.lock = lock;
        this.files = files;
        this.failures = failures;
    }

    /**
     * Begins a store, or goes on with one that was made with the same facts. A file that is cut or damaged counts as not
     * there, and is written anew.
     *
     * @param resumption what may have computed the earlier part
     * @throws IllegalArgumentException if the folder holds something else or a store of other facts, or if another
     *     process writes it
     * @throws IOException if it cannot be read or written
     */
    static HarvestFiles open(Path store, RunFacts facts, Resumption resumption) throws IOException {
        if (Files.exists(store) && !Files.isDirectory(store)) {
            throw new BadFileException(store, "expected a folder, found a file");
        }
        Path file = store.resolve(HarvestStore.FACTS);
        if (!Files.exists(file) && !RunFolder.isFree(store)) {
            throw new BadFileException(store, "expected a store, or a new or empty folder, found other files");
        }
        Files.createDirectories(store);
        FolderLock lock = FolderLock.of(store);
        try {
            if (Files.exists(file)) goOn(file, facts, resumption);
            else facts.write(file);
            HarvestFiles opened = new HarvestFiles(
                    lock, RecordFiles.of(store, StoreFacts.of(file, facts)), HarvestFailures.of(store));
            opened.take();
            return opened;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static void goOn(Path file, RunFacts facts, Resumption resumption) throws IOException {
        RunFacts found = RunFacts.read(file);
        if (StoreFormat.of(file, found) == StoreFormat.ONE_FILE) {
            throw new BadFileException(
                    file,
                    "format",
                    "found " + StoreFormat.ONE_FILE + ", which is read but not gone on with; choose another --out");
        }
        facts.goOn(file, resumption);
    }

    /** Looks at what is there. */
    private void take() throws IOException {
        Files.createDirectories(files.folder());
        files.deleteParts();
        for (int batch : files.list().keySet()) {
            try (Arena arena = Arena.ofConfined()) {
                take(batch, headers(files.read(batch, arena)));
            } catch (BadFileException e) {
                // Such a file was written whole, so a disk has lost some of it.
            }
        }
    }

    private static List<RecordHeader> headers(List<StoredReply> replies) {
        return replies.stream().map(StoredReply::header).toList();
    }

    private void take(int batch, List<RecordHeader> headers) {
        batches.put(batch, headers);
        for (RecordHeader header : headers) failures.remove(header.number());
    }

    /**
     * Refuses prompts that the records were not made of.
     *
     * @throws BadFileException naming the first such record
     * @throws IOException if a prompt cannot be read
     */
    void requireMadeOf(List<HarvestPrompt> prompts) throws IOException {
        for (var batch : batches.entrySet()) {
            List<RecordHeader> headers = batch.getValue();
            for (int i = 0; i < headers.size(); i++) {
                int number = headers.get(i).number();
                boolean asked = number < prompts.size();
                if (asked && headers.get(i).key().equals(prompts.get(number).key())) continue;
                throw new BadFileException(
                        files.file(batch.getKey()),
                        "record " + (i + 1),
                        "was made of another prompt"
                                + (asked ? " than " + prompts.get(number).source() : "")
                                + "; choose another --out to begin anew");
            }
        }
    }

    /** Whether the record of a prompt is there. A prompt that was left out is asked again. */
    boolean holds(int number) {
        return batches.getOrDefault(files.batch(number), List.of()).stream()
                .anyMatch(header -> header.number() == number);
    }

    /** Takes the record of a prompt; it is there when its batch is finished. */
    void keep(int number, PromptKey key, ReplyRecord record) throws IOException {
        int batch = files.batch(number);
        BatchRecords records = gathering.get(batch);
        if (records == null) {
            records = new BatchRecords(files.gathering(batch));
            gathering.put(batch, records);
        }
        records.keep(number, key, record);
    }

    /** Notes a prompt that could not be asked. */
    void failed(int number, String source, String reason) {
        failures.add(new HarvestFailures.Failure(number, source, reason));
    }

    /** Writes what has come of a batch, beside what its file has already. */
    void finished(int batch) throws IOException {
        try (BatchRecords records = gathering.remove(batch)) {
            if (records != null) {
                write(batch, records);
            } else if (!batches.containsKey(batch)) {
                // None of its prompts could be asked.
                AtomicFile.write(files.file(batch), new byte[0]);
                take(batch, List.of());
            }
        }
        failures.write();
    }

    private void write(int batch, BatchRecords records) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            List<StoredReply> before = batches.containsKey(batch) ? files.read(batch, arena) : List.of();
            take(batch, records.write(files.file(batch), before));
        }
    }

    /** Records that are there. */
    int records() {
        return batches.values().stream().mapToInt(List::size).sum();
    }

    /** Prompts that could not be asked, in their order. */
    List<HarvestFailures.Failure> failures() {
        return failures.all();
    }

    /** Gives up a batch: what has come of it is dropped. */
    void lose(int batch) throws IOException {
        lost.add(batch);
        BatchRecords records = gathering.remove(batch);
        if (records != null) records.close();
    }

    /** Whether batches were given up. */
    boolean haveLost() {
        return !lost.isEmpty();
    }

    /**
     * Whether the batches from the first on, up to one that is missing, have so many positions. One that was given up is passed
     * over: others must not be harvested in its place.
     */
    boolean bring(long positions) {
        long sum = 0;
        for (int batch = 0; batches.containsKey(batch) || lost.contains(batch); batch++) {
            for (RecordHeader header : batches.getOrDefault(batch, List.of())) sum += header.positions();
            if (sum >= positions) return true;
        }
        return false;
    }

    /** How many batches from the first on have so many positions; 0 if those that are there do not. */
    private int batchesThatBring(long positions) {
        long sum = 0;
        for (int batch = 0; batches.containsKey(batch); batch++) {
            for (RecordHeader header : batches.get(batch)) sum += header.positions();
            if (sum >= positions) return batch + 1;
        }
        return 0;
    }

    /**
     * Deletes the batches behind those that have so many positions: others, which ended sooner than one before them. Nothing
     * is deleted as long as there are too few.
     *
     * @param positions 1 or more
     */
    void dropBehind(long positions) throws IOException {
        int enough = batchesThatBring(positions);
        if (enough == 0) return;
        for (Path file : files.list().tailMap(enough, true).values()) Files.delete(file);
        batches.tailMap(enough, true).clear();
        failures.dropFrom((long) enough * files.facts().batch());
        failures.write();
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            for (BatchRecords records : gathering.values()) records.close();
        }
    }
}
