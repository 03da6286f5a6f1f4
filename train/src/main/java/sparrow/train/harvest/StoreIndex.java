package sparrow.train.harvest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sparrow.formats.BadFileException;
import sparrow.study.folder.FileDigest;
import sparrow.study.folder.RunManifest;

/**
 * The file {@code store.json} of a store. It contains the store's settings, the SHA-256 digest of each batch file, and
 * the omitted prompts. A file that is not listed in it does not belong to the store. The writer of the store modifies
 * the maps.
 *
 * @param settings settings of the harvest, without files and prompts
 * @param metadata description of the batches according to the settings
 * @param digests digests of the files, by batch
 * @param leftOut prompts that could not be used, by number
 */
record StoreIndex(
        Path store,
        RunManifest settings,
        StoreMetadata metadata,
        NavigableMap<Integer, String> digests,
        NavigableMap<Integer, LeftOut> leftOut) {
    static final String NAME = "store.json";

    private static final String FILES = "files";
    private static final String LEFT_OUT = "left_out";
    private static final Pattern BATCH = Pattern.compile("batches/(\\d{5,9})\\.safetensors");

    /**
     * A prompt that could not be used.
     *
     * @param number number of the prompt, counted from 0
     * @param source file and line of the prompt
     * @param reason reason in one line
     */
    record LeftOut(int number, String source, String reason) {}

    /** Returns the index of a store without files. */
    static StoreIndex of(Path store, RunManifest settings) {
        StoreMetadata metadata = StoreMetadata.of(store.resolve(NAME), settings);
        return new StoreIndex(store, settings, metadata, new TreeMap<>(), new TreeMap<>());
    }

    /**
     * Reads a store's index.
     *
     * @throws BadFileException if the file does not describe a store
     * @throws IOException if the file cannot be read
     */
    static StoreIndex read(Path store) throws IOException {
        Path path = store.resolve(NAME);
        ObjectNode json = RunManifest.read(path).json().deepCopy();
        JsonNode files = json.path(FILES);
        JsonNode leftOut = json.path(LEFT_OUT);
        StoreIndex index = of(store, new RunManifest(json.remove(List.of(FILES, LEFT_OUT))));
        if (!files.isObject()) throw new BadFileException(path, FILES, "expected digests by file, found " + files);
        for (Map.Entry<String, JsonNode> file : files.properties()) {
            index.digests.put(batch(path, file), file.getValue().textValue());
        }
        if (!leftOut.isArray()) throw new BadFileException(path, LEFT_OUT, "expected a list, found " + leftOut);
        for (JsonNode prompt : leftOut) {
            RunManifest its = new RunManifest(prompt);
            int number = its.integer(path, "number", 0);
            index.leftOut.put(number, new LeftOut(number, its.text(path, "source"), its.text(path, "reason")));
        }
        return index;
    }

    private static int batch(Path path, Map.Entry<String, JsonNode> file) {
        Matcher name = BATCH.matcher(file.getKey());
        int batch = name.matches() ? Integer.parseInt(name.group(1)) : -1;
        // Each batch has exactly one valid name.
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

    /** Writes {@code store.json} atomically. */
    void write() throws IOException {
        ObjectNode json = settings.json().deepCopy();
        ObjectNode files = json.putObject(FILES);
        digests.forEach((batch, digest) -> files.put(name(batch), digest));
        json.set(LEFT_OUT, RunManifest.of(leftOut.values()).json());
        new RunManifest(json).write(store.resolve(NAME));
    }

    /** Returns the path of a batch's file. The file might not exist. */
    Path file(int batch) {
        return store.resolve(name(batch));
    }

    /**
     * Opens a listed batch and checks every byte and every number in it.
     *
     * @throws BadFileException if the file is invalid; the message contains the file, the tensor and the position
     * @throws IOException if the file cannot be read
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
                            + "; the command that created the store creates this file again");
        }
        long first = (long) batch * metadata.batch();
        return HarvestBatch.open(file, metadata, first, first + metadata.batch() - 1);
    }
}
