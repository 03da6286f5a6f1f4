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
 * The file {@code store.json} of a store: its settings, the SHA-256 of the file of each batch, and the prompts that were left
 * out. A file that it does not list is no part of the store. Whoever writes the store changes the maps.
 *
 * @param settings of the harvest, without files and prompts
 * @param metadata what the settings say of the batches
 * @param digests of the files, by batch
 * @param leftOut prompts that could not be asked, by number
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
     * A prompt that could not be asked.
     *
     * @param number of the prompt, from 0
     * @param source its file, and its line there
     * @param reason on one line
     */
    record LeftOut(int number, String source, String reason) {}

    /** The index of a store without files. */
    static StoreIndex of(Path store, RunManifest settings) {
        StoreMetadata metadata = StoreMetadata.of(store.resolve(NAME), settings);
        return new StoreIndex(store, settings, metadata, new TreeMap<>(), new TreeMap<>());
    }

    /**
     * Reads the index of a store.
     *
     * @throws BadFileException if it does not describe one
     * @throws IOException if it cannot be read
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

    /** Writes {@code store.json}, whole or not at all. */
    void write() throws IOException {
        ObjectNode json = settings.json().deepCopy();
        ObjectNode files = json.putObject(FILES);
        digests.forEach((batch, digest) -> files.put(name(batch), digest));
        json.set(LEFT_OUT, RunManifest.of(leftOut.values()).json());
        new RunManifest(json).write(store.resolve(NAME));
    }

    /** The file of a batch, there or not. */
    Path file(int batch) {
        return store.resolve(name(batch));
    }

    /**
     * Opens a batch that is listed, and checks every byte and every number.
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
}
