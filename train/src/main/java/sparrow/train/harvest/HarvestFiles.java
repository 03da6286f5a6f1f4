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
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sparrow.formats.weights.BadFileException;
import sparrow.study.run.FolderLock;
import sparrow.study.run.MixedNumerics;
import sparrow.study.run.RunFolder;
import sparrow.study.run.RunManifest;

/**
 * A store that grows batch by batch, in any order of batches; the replies of several may come mixed. A batch is there when
 * {@code store.json} lists its file; other batches of a killed process are harvested again.
 */
final class HarvestFiles implements AutoCloseable {
    /** The names of files that a killed process may leave beside the batches. */
    private static final Pattern LEFT = Pattern.compile(".*\\.part|\\d{5,9}\\.safetensors");

    private final FolderLock lock;
    private final Path folder;
    private final StoreIndex index;

    /** The files of the store, by batch. */
    private final NavigableMap<Integer, HarvestBatch> batches = new TreeMap<>();

    /** Batches that were given up this time. */
    private final Set<Integer> lost = new HashSet<>();

    /** Prompts whose replies have come, of batches that are not finished. Each reply waits in a file of its own. */
    private final NavigableSet<Integer> waiting = new TreeSet<>();

    private HarvestFiles(FolderLock lock, Path folder, StoreIndex index) {
        this.lock = lock;
        this.folder = folder;
        this.index = index;
    }

    /**
     * Begins a store, or resumes one that was made with the same settings. A file that is cut or damaged counts as not
     * there, and is written anew.
     *
     * @param mixedNumerics rule for an earlier part of other numerics
     * @throws IllegalArgumentException if the folder holds something else or a store of other settings, or if another
     *     process writes it
     * @throws IOException if it cannot be read or written
     */
    static HarvestFiles open(Path store, RunManifest manifest, MixedNumerics mixedNumerics) throws IOException {
        if (Files.exists(store) && !Files.isDirectory(store)) {
            throw new BadFileException(store, "expected a folder, found a file");
        }
        boolean begun = Files.exists(store.resolve(StoreIndex.NAME));
        if (!begun && !RunFolder.isFree(store)) {
            throw new BadFileException(store, "expected a store, or a new or empty folder, found other files");
        }
        Files.createDirectories(store);
        FolderLock lock = FolderLock.of(store);
        try {
            StoreIndex index = begun ? StoreIndex.read(store) : StoreIndex.begin(store, manifest);
            index.resume(manifest, mixedNumerics);
            Path folder = index.file(0).getParent();
            HarvestFiles opened = new HarvestFiles(lock, folder, index);
            opened.take();
            return opened;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Looks at what is there, and drops everything else. */
    private void take() throws IOException {
        for (int batch : index.batches()) {
            try {
                take(batch);
            } catch (BadFileException e) {
                // Such a file was written whole, so a disk has lost some of it.
                index.remove(batch);
            }
        }
        index.write();
        Files.createDirectories(folder);
        deleteLeft();
    }

    private void take(int batch) throws IOException {
        HarvestBatch before = batches.put(batch, index.open(batch));
        if (before != null) before.close();
        for (StoredReply reply : batches.get(batch).replies()) index.replied(reply.number());
    }

    private void deleteLeft() throws IOException {
        Set<Path> listed = index.batches().stream().map(index::file).collect(Collectors.toSet());
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                boolean left = LEFT.matcher(file.getFileName().toString()).matches();
                if (left && !listed.contains(file)) Files.delete(file);
            }
        }
    }

    /**
     * Refuses prompts that the replies were not made of.
     *
     * @throws BadFileException naming the first such reply
     * @throws IOException if a prompt cannot be read
     */
    void requireMadeOf(List<HarvestPrompt> prompts) throws IOException {
        for (var batch : batches.entrySet()) {
            for (StoredReply reply : batch.getValue().replies()) {
                int number = reply.number();
                boolean asked = number < prompts.size();
                if (asked && reply.key() == prompts.get(number).key()) continue;
                throw new BadFileException(
                        index.file(batch.getKey()),
                        "reply to prompt " + number,
                        "was made of another prompt"
                                + (asked ? " than " + prompts.get(number).source() : "")
                                + "; choose another --out to begin anew");
            }
        }
    }

    private int batch(int prompt) {
        return prompt / index.metadata().batch();
    }

    /** Tells if the reply to a prompt is there. A prompt that was left out is asked again. */
    boolean holds(int number) {
        HarvestBatch batch = batches.get(batch(number));
        return batch != null && batch.replies().stream().anyMatch(reply -> reply.number() == number);
    }

    /** Takes the reply to a prompt; it is there when its batch is finished. One that comes twice counts once. */
    void keep(int number, long key, HarvestRows rows) throws IOException {
        HarvestBatch.write(
                file(number), rows.layout(), List.of(new StoredReply(rows, number, key, 0, rows.positions())));
        waiting.add(number);
    }

    /** The file in which a reply waits for the others of its batch: those of a long batch of a large model take a gigabyte. */
    private Path file(int number) {
        return folder.resolve("%05d.reply.part".formatted(number));
    }

    /** Notes a prompt that could not be asked. */
    void failed(int number, String source, String reason) {
        index.leaveOut(new StoreIndex.LeftOut(number, source, reason));
    }

    /** Writes what has come of a batch, beside what its file has already. */
    void finished(int batch) throws IOException {
        SortedSet<Integer> come = come(batch);
        // A batch none of whose prompts could be asked is there, too: with no reply.
        if (!come.isEmpty() || !batches.containsKey(batch)) write(batch, come);
        index.write();
        drop(come);
    }

    private void write(int batch, SortedSet<Integer> come) throws IOException {
        List<HarvestBatch> opened = new ArrayList<>();
        try {
            NavigableMap<Integer, StoredReply> replies = new TreeMap<>();
            for (int number : come) {
                HarvestBatch alone = HarvestBatch.open(file(number), index.metadata(), number, number);
                opened.add(alone);
                replies.put(number, alone.replies().getFirst());
            }
            if (batches.containsKey(batch)) {
                for (StoredReply reply : batches.get(batch).replies()) replies.put(reply.number(), reply);
            }
            HarvestBatch.write(index.file(batch), index.metadata().layout(), List.copyOf(replies.values()));
        } finally {
            opened.forEach(HarvestBatch::close);
        }
        index.put(batch);
        take(batch);
    }

    /** The prompts of a batch whose replies wait. */
    private SortedSet<Integer> come(int batch) {
        int first = batch * index.metadata().batch();
        return new TreeSet<>(waiting.subSet(first, first + index.metadata().batch()));
    }

    private void drop(SortedSet<Integer> come) throws IOException {
        for (int number : come) Files.delete(file(number));
        waiting.removeAll(come);
    }

    int replies() {
        return batches.values().stream()
                .mapToInt(batch -> batch.replies().size())
                .sum();
    }

    /** Prompts that could not be asked, in their order. */
    List<StoreIndex.LeftOut> leftOut() {
        return index.leftOut();
    }

    /** Gives up a batch: what has come of it is dropped. */
    void lose(int batch) throws IOException {
        lost.add(batch);
        drop(come(batch));
    }

    boolean haveLost() {
        return !lost.isEmpty();
    }

    /**
     * Tells if the batches from the first on, up to one that is missing, have so many positions. One that was given up is passed
     * over: others must not be harvested in its place.
     */
    boolean bring(long positions) {
        return batchesThatBring(positions, lost) > 0;
    }

    /** The number of batches from the first on that have so many positions; 0 if those before the first that is missing do not. */
    private int batchesThatBring(long positions, Set<Integer> passedOver) {
        long sum = 0;
        for (int batch = 0; batches.containsKey(batch) || passedOver.contains(batch); batch++) {
            if (batches.containsKey(batch)) sum += batches.get(batch).positions();
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
        int enough = batchesThatBring(positions, Set.of());
        if (enough == 0) return;
        NavigableMap<Integer, HarvestBatch> behind = batches.tailMap(enough, true);
        index.dropFrom(enough);
        index.write();
        behind.values().forEach(HarvestBatch::close);
        for (int batch : behind.keySet()) Files.delete(index.file(batch));
        behind.clear();
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            batches.values().forEach(HarvestBatch::close);
            drop(new TreeSet<>(waiting));
        }
    }
}
