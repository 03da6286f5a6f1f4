package sparrow.train.harvest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sparrow.formats.weights.BadFileException;
import sparrow.study.run.FileDigest;
import sparrow.study.run.MixedNumerics;
import sparrow.study.run.RunManifest;

/**
 * The {@code store.json} of a store: its metadata, the SHA-256 of the file of each batch, and the prompts that were left out. A
 * file that it does not list is no part of the store.
 */
final class StoreIndex {
    static final String NAME = "store.json";

    private static final String FILES = "files";
    private static final String LEFT_OUT = "left_out";
    private static final Pattern BATCH = Pattern.compile("batches/(\\d{5,9})\\.safetensors");

    private final Path store;
    private final NavigableMap<Integer, String> digests = new TreeMap<>();
    private final NavigableMap<Integer, LeftOut> leftOut = new TreeMap<>();
    private final StoreMetadata metadata;
    private RunManifest said;

    /**
     * A prompt that could not be asked.
     *
     * @param number of the prompt, from 0
     * @param source its file, and its line there
     * @param reason on one line
     */
    record LeftOut(int number, String source, String reason) {}

    private StoreIndex(Path store, RunManifest said) {
        this.store = store;
        this.said = said;
        this.metadata = StoreMetadata.of(path(), said);
    }

    /** That of a store without files. */
    static StoreIndex begin(Path store, RunManifest manifest) {
        return new StoreIndex(store, manifest);
    }

    /**
     * Reads that of a store.
     *
     * @throws BadFileException if it does not describe one
     * @throws IOException if it cannot be read
     */
    static StoreIndex read(Path store) throws IOException {
        Path path = store.resolve(NAME);
        ObjectNode json = RunManifest.read(path).json().deepCopy();
        JsonNode files = json.path(FILES);
        JsonNode leftOut = json.path(LEFT_OUT);
        StoreIndex index = new StoreIndex(store, new RunManifest(json.remove(List.of(FILES, LEFT_OUT))));
        if (!files.isObject()) throw new BadFileException(path, FILES, "expected digests by file, found " + files);
        files.properties()
                .forEach(file ->
                        index.digests.put(batch(path, file), file.getValue().textValue()));
        if (!leftOut.isArray()) throw new BadFileException(path, LEFT_OUT, "expected a list, found " + leftOut);
        for (JsonNode prompt : leftOut) {
            RunManifest its = new RunManifest(prompt);
            index.leaveOut(
                    new LeftOut(its.integer(path, "number", 0), its.text(path, "source"), its.text(path, "reason")));
        }
        return index;
    }

    private static int batch(Path path, Map.Entry<String, JsonNode> file) {
        Matcher name = BATCH.matcher(file.getKey());
        int batch = name.matches() ? Integer.parseInt(name.group(1)) : -1;
        // One batch has one name.
        if (batch >= 0 && name(batch).equals(file.getKey()) && file.getValue().isTextual()) return batch;
        throw new BadFileException(
                path,
                FILES,
                "expected names such as " + name(0) + " and their SHA-256, found " + file.getKey() + ": "
                        + file.getValue());
    }

    private static String name(int batch) {
        return "batches/%05d.safetensors".formatted(batch);
    }

    private Path path() {
        return store.resolve(NAME);
    }

    /** The metadata that its files have to fit. */
    StoreMetadata metadata() {
        return metadata;
    }

    /**
     * Refuses to resume a store that was made otherwise.
     *
     * @throws BadFileException naming the first fact that differs
     */
    void resume(RunManifest asked, MixedNumerics mixedNumerics) {
        said = said.resumed(path(), asked, mixedNumerics);
    }

    /** Writes {@code store.json}, whole or not at all. */
    void write() throws IOException {
        ObjectNode json = said.json().deepCopy();
        ObjectNode files = json.putObject(FILES);
        digests.forEach((batch, digest) -> files.put(name(batch), digest));
        json.set(LEFT_OUT, RunManifest.of(leftOut.values()).json());
        new RunManifest(json).write(path());
    }

    List<Integer> batches() {
        return List.copyOf(digests.keySet());
    }

    /** The file of a batch, there or not. */
    Path file(int batch) {
        return store.resolve(name(batch));
    }

    /** The prompts that could not be asked, in their order. */
    List<LeftOut> leftOut() {
        return List.copyOf(leftOut.values());
    }

    void leaveOut(LeftOut prompt) {
        leftOut.put(prompt.number(), prompt);
    }

    /** Takes the file of a batch in, as it is now. */
    void put(int batch) throws IOException {
        digests.put(batch, FileDigest.sha256(file(batch)));
    }

    /** The reply to a prompt is there. */
    void replied(int number) {
        leftOut.remove(number);
    }

    /** Counts the file of a batch as not there. */
    void remove(int batch) {
        digests.remove(batch);
    }

    /** Drops the batches from one on, and what was left out of them. */
    void dropFrom(int batch) {
        digests.tailMap(batch, true).clear();
        long first = (long) batch * metadata.batch();
        leftOut.keySet().removeIf(number -> number >= first);
    }

    /**
     * Opens a batch that is there: every byte and every number is checked.
     *
     * @throws BadFileException naming file, tensor and position of what is wrong
     * @throws IOException if it cannot be read
     */
    HarvestBatch open(int batch) throws IOException {
        Path file = file(batch);
        if (!Files.isRegularFile(file)) throw new BadFileException(file, "no such file, but " + NAME + " lists it");
        String found = FileDigest.sha256(file);
        if (!found.equals(digests.get(batch))) {
            throw new BadFileException(
                    file,
                    "sha256",
                    "expected " + digests.get(batch) + " of " + NAME + ", found " + found
                            + "; the command that made the store makes this file anew");
        }
        long first = (long) batch * metadata.batch();
        return HarvestBatch.open(file, metadata, first, first + metadata.batch() - 1);
    }

    /** Changes with every reply. */
    String digest() {
        return FileDigest.sha256(String.join("\n", digests.values()).getBytes(StandardCharsets.UTF_8));
    }
}
