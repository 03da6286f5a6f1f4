package sparrow.train.harvest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sparrow.formats.BadFileException;
import sparrow.study.folder.FileDigest;
import sparrow.study.folder.FolderLock;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.folder.RunFolder;
import sparrow.study.folder.RunManifest;

/**
 * Writes a store batch by batch. Batches may finish in any order, and their replies may be interleaved. A batch belongs
 * to the store if {@code store.json} lists its file; other batches of a killed process are harvested again.
 */
final class HarvestFiles implements AutoCloseable {
    /** Files that a killed process may have left in the batch folder. */
    private static final Pattern LEFT = Pattern.compile(".*\\.part|\\d{5,9}\\.safetensors");

    private final FolderLock lock;
    private final StoreIndex index;

    /** Files of the store, by batch. */
    private final NavigableMap<Integer, HarvestBatch> batches = new TreeMap<>();

    /** Batches that workers lost in this process. */
    private final Set<Integer> lost = new HashSet<>();

    /**
     * Prompts whose replies wait for the other replies of their batch. Each reply is in a separate file because the
     * replies of a long batch of a large model take a gigabyte.
     */
    private final NavigableSet<Integer> waiting = new TreeSet<>();

    private HarvestFiles(FolderLock lock, StoreIndex index) {
        this.lock = lock;
        this.index = index;
    }

    /**
     * Creates a store, or resumes a store that was created with the same settings. A truncated or damaged file is
     * treated as missing and written again.
     *
     * @throws IllegalArgumentException if the folder contains other files or a store with different settings, or if
     *     another process is writing to it
     * @throws IOException if the folder cannot be read or written
     */
    static HarvestFiles open(Path store, RunManifest manifest, MixedNumerics mixedNumerics) throws IOException {
        if (Files.exists(store) && !Files.isDirectory(store)) {
            throw new BadFileException(store, "expected a folder, found a file");
        }
        Path json = store.resolve(StoreIndex.NAME);
        boolean begun = Files.exists(json);
        if (!begun && !RunFolder.isFree(store)) {
            throw new BadFileException(store, "expected a store, or a new or empty folder, found other files");
        }
        Files.createDirectories(store);
        FolderLock lock = FolderLock.of(store);
        try {
            StoreIndex found = begun ? StoreIndex.read(store) : StoreIndex.of(store, manifest);
            RunManifest settings = found.settings().resumed(json, manifest, mixedNumerics);
            HarvestFiles files = new HarvestFiles(
                    lock, new StoreIndex(store, settings, found.metadata(), found.digests(), found.leftOut()));
            files.openBatches();
            return files;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void openBatches() throws IOException {
        for (int batch : List.copyOf(index.digests().keySet())) {
            try {
                open(batch);
            } catch (BadFileException e) {
                // The file was completely written, so the disk has lost part of it.
                index.digests().remove(batch);
            }
        }
        index.write();
        Path folder = Files.createDirectories(index.file(0).getParent());
        Set<Path> listed = index.digests().keySet().stream().map(index::file).collect(Collectors.toSet());
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                boolean left = LEFT.matcher(file.getFileName().toString()).matches();
                if (left && !listed.contains(file)) Files.delete(file);
            }
        }
    }

    private void open(int batch) throws IOException {
        HarvestBatch before = batches.put(batch, index.open(batch));
        if (before != null) before.close();
        for (StoredReply reply : batches.get(batch).replies()) index.leftOut().remove(reply.number());
    }

    /**
     * Checks that the replies belong to the given prompts.
     *
     * @throws BadFileException if a reply belongs to a different prompt; the message contains the first such reply
     * @throws IOException if a prompt cannot be read
     */
    void requireMadeOf(List<HarvestPrompt> prompts) throws IOException {
        for (StoredReply reply : replies(batches)) {
            int number = reply.number();
            boolean exists = number < prompts.size();
            if (exists && reply.key() == prompts.get(number).key()) continue;
            throw new BadFileException(
                    index.file(batch(number)),
                    "reply to prompt " + number,
                    "was created from another prompt"
                            + (exists ? " than " + prompts.get(number).source() : "")
                            + "; choose another --out to start again");
        }
    }

    private static List<StoredReply> replies(NavigableMap<Integer, HarvestBatch> batches) {
        return batches.values().stream()
                .flatMap(batch -> batch.replies().stream())
                .toList();
    }

    private int batch(int prompt) {
        return prompt / index.metadata().batch();
    }

    /** Returns whether the store contains the reply to a prompt. An omitted prompt is tried again. */
    boolean holds(int number) {
        HarvestBatch batch = batches.get(batch(number));
        return batch != null && batch.replies().stream().anyMatch(reply -> reply.number() == number);
    }

    /**
     * Stores the reply to a prompt until its batch is finished. A second reply to the same prompt replaces the first.
     */
    void keep(int number, long key, HarvestRows rows) throws IOException {
        StoredReply reply = new StoredReply(rows, number, key, 0, rows.positions());
        HarvestBatch.write(waitingFile(number), index.metadata(), List.of(reply));
        waiting.add(number);
    }

    private Path waitingFile(int number) {
        return index.file(0).resolveSibling("%05d.reply.part".formatted(number));
    }

    /** Records a prompt that could not be used. */
    void failed(int number, String source, String reason) {
        index.leftOut().put(number, new StoreIndex.LeftOut(number, source, reason));
    }

    /** Writes the file of a batch, which contains its waiting replies and any replies that are already in the file. */
    void finished(int batch) throws IOException {
        NavigableSet<Integer> come = waiting(batch);
        // A batch without usable prompts also belongs to the store, but contains no replies.
        if (!come.isEmpty() || !batches.containsKey(batch)) write(batch, come);
        index.write();
        drop(come);
    }

    private void write(int batch, Set<Integer> come) throws IOException {
        NavigableMap<Integer, StoredReply> replies = new TreeMap<>();
        List<HarvestBatch> opened = new ArrayList<>();
        try {
            for (int number : come) {
                HarvestBatch alone = HarvestBatch.open(waitingFile(number), index.metadata(), number, number);
                opened.add(alone);
                replies.put(number, alone.replies().getFirst());
            }
            for (StoredReply reply : replies(batches.subMap(batch, true, batch, true))) {
                replies.put(reply.number(), reply);
            }
            HarvestBatch.write(index.file(batch), index.metadata(), List.copyOf(replies.values()));
        } finally {
            opened.forEach(HarvestBatch::close);
        }
        index.digests().put(batch, FileDigest.sha256(index.file(batch)));
        open(batch);
    }

    private NavigableSet<Integer> waiting(int batch) {
        int first = batch * index.metadata().batch();
        return new TreeSet<>(waiting.subSet(first, first + index.metadata().batch()));
    }

    private void drop(Set<Integer> come) throws IOException {
        for (int number : come) Files.delete(waitingFile(number));
        waiting.removeAll(come);
    }

    int replies() {
        return replies(batches).size();
    }

    /** Returns the prompts that could not be used, in order. */
    List<StoreIndex.LeftOut> leftOut() {
        return List.copyOf(index.leftOut().values());
    }

    /** Discards the replies of a batch that workers lost. */
    void lose(int batch) throws IOException {
        lost.add(batch);
        drop(waiting(batch));
    }

    boolean haveLost() {
        return !lost.isEmpty();
    }

    /**
     * Returns whether the batches before the first missing batch have this many positions. A lost batch is not
     * considered missing because no other batch may be harvested in its place.
     */
    boolean bring(long positions) {
        return batchesThatBring(positions, lost) > 0;
    }

    /**
     * Returns the number of batches, starting with the first, that have this many positions, or 0 if there are too few
     * positions before the first missing batch.
     */
    private int batchesThatBring(long positions, Set<Integer> noGaps) {
        long sum = 0;
        for (int batch = 0; batches.containsKey(batch) || noGaps.contains(batch); batch++) {
            if (batches.containsKey(batch)) sum += batches.get(batch).positions();
            if (sum >= positions) return batch + 1;
        }
        return 0;
    }

    /**
     * Deletes the batches that follow the batches required for this many positions. Such batches finished before an
     * earlier batch. Nothing is deleted if there are too few positions.
     *
     * @param positions required number of positions, at least 1
     */
    void dropBehind(long positions) throws IOException {
        int enough = batchesThatBring(positions, Set.of());
        if (enough == 0) return;
        index.digests().tailMap(enough, true).clear();
        index.leftOut().keySet().removeIf(number -> batch(number) >= enough);
        index.write();
        NavigableMap<Integer, HarvestBatch> after = batches.tailMap(enough, true);
        after.values().forEach(HarvestBatch::close);
        for (int batch : after.keySet()) Files.delete(index.file(batch));
        after.clear();
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            batches.values().forEach(HarvestBatch::close);
            drop(new TreeSet<>(waiting));
        }
    }
}
