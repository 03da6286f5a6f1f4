package sparrow.formats.weights;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import sparrow.formats.BadFileException;
import sparrow.formats.Printable;
import sparrow.formats.StrictJson;
import sparrow.tensor.Tensor;

/**
 * The safetensors files of a Hugging Face folder: the shards listed in {@code model.safetensors.index.json} or, if
 * there is no index, all files {@code model*.safetensors}.
 */
public final class SafetensorsFolder implements Checkpoint {
    private final Path folder;
    private final List<Safetensors> shards;
    private final Map<String, Safetensors> shardOf;

    private SafetensorsFolder(Path folder, List<Safetensors> shards, Map<String, Safetensors> shardOf) {
        this.folder = folder;
        this.shards = shards;
        this.shardOf = shardOf;
    }

    /**
     * Maps all shards in a folder to memory.
     *
     * @throws BadFileException if there are no shards, if a shard is missing or invalid, or if the index does not match
     *     the shards
     * @throws IOException if a file cannot be read
     */
    public static SafetensorsFolder open(Path folder) throws IOException {
        Path index = folder.resolve("model.safetensors.index.json");
        List<Safetensors> shards = new ArrayList<>();
        try {
            Map<String, Safetensors> shardOf =
                    Files.isRegularFile(index) ? byIndex(index, shards) : byName(folder, shards);
            return new SafetensorsFolder(folder, List.copyOf(shards), Collections.unmodifiableMap(shardOf));
        } catch (IOException | RuntimeException e) {
            shards.forEach(Safetensors::close);
            throw e;
        }
    }

    private static Map<String, Safetensors> byIndex(Path index, List<Safetensors> opened) throws IOException {
        JsonNode map = StrictJson.object(index, StrictJson.Bounds.TENSORS).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new BadFileException(index, "weight_map", "expected tensor names with their files");
        }
        Map<String, Safetensors> byFile = new LinkedHashMap<>();
        Map<String, Safetensors> shardOf = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String name = entry.getValue().asText();
            Safetensors shard = byFile.get(name);
            if (shard == null) {
                shard = Safetensors.open(sibling(index, entry.getKey(), name));
                opened.add(shard);
                byFile.put(name, shard);
            }
            if (!shard.has(entry.getKey())) throw new MissingTensorException(shard.source(), entry.getKey());
            shardOf.put(entry.getKey(), shard);
        }
        return shardOf;
    }

    /** Returns the path of a shard. Paths outside the folder of the index are rejected. */
    private static Path sibling(Path index, String tensor, String name) {
        if (!name.equals(".") && !name.equals("..") && name.matches("[^/\\\\\\p{Cntrl}]+")) {
            try {
                Path shard = index.resolveSibling(name);
                if (Files.isRegularFile(shard)) return shard;
                throw new BadFileException(shard, "missing shard, named by " + index);
            } catch (InvalidPathException e) {
                // The name has a lone surrogate or a character that is not allowed in file names; this is reported
                // below.
            }
        }
        throw new BadFileException(
                index,
                "weight_map",
                Printable.of(tensor) + ": expected a file name, found \"" + Printable.of(name) + "\"");
    }

    private static Map<String, Safetensors> byName(Path folder, List<Safetensors> opened) throws IOException {
        if (!Files.isDirectory(folder)) throw new BadFileException(folder, "no such folder");
        List<Path> files;
        try (Stream<Path> entries = Files.list(folder)) {
            files = entries.filter(file -> file.getFileName().toString().matches("model.*\\.safetensors"))
                    .sorted()
                    .toList();
        }
        if (files.isEmpty()) throw new BadFileException(folder, "expected model*.safetensors, found none");
        Map<String, Safetensors> shardOf = new LinkedHashMap<>();
        for (Path file : files) {
            Safetensors shard = Safetensors.open(file);
            opened.add(shard);
            for (String name : shard.names()) {
                if (shardOf.putIfAbsent(name, shard) != null) {
                    throw new BadFileException(file, "tensor " + Printable.of(name), "is also in another shard");
                }
            }
        }
        return shardOf;
    }

    @Override
    public Path source() {
        return folder;
    }

    @Override
    public Set<String> names() {
        return shardOf.keySet();
    }

    @Override
    public Tensor tensor(String name) {
        Safetensors shard = shardOf.get(name);
        if (shard == null) throw new MissingTensorException(folder, name);
        return shard.tensor(name);
    }

    @Override
    public void requireUnchanged() {
        shards.forEach(Safetensors::requireUnchanged);
    }

    @Override
    public void close() {
        shards.forEach(Safetensors::close);
    }
}
