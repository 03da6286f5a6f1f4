package sparrow.train.harvest;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.study.folder.FileDigest;
import sparrow.tensor.Tensor;

/** Makes stores whose digests are right and whose content is not. */
public final class ForgedStore {
    private ForgedStore() {}

    /** Changes tensors of the first batch, by name. */
    static void change(Path store, Consumer<Map<String, Tensor>> change) throws IOException {
        Path file = store.resolve("batches/00000.safetensors");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (Safetensors found = Safetensors.open(file)) {
            for (String name : found.names()) {
                Tensor tensor = found.tensor(name);
                byte[] bytes = tensor.data().toArray(ValueLayout.JAVA_BYTE);
                tensors.put(name, new Tensor(MemorySegment.ofArray(bytes), tensor.dtype(), tensor.shape()));
            }
        }
        change.accept(tensors);
        String before = FileDigest.sha256(file);
        SafetensorsWriter.write(file, tensors, Map.of());
        Path index = store.resolve("store.json");
        Files.writeString(index, Files.readString(index).replace(before, FileDigest.sha256(file)));
    }

    /** Puts other bytes in the place of a tensor's element. */
    public static void put(Path store, String tensor, int element, Number value) throws IOException {
        change(store, tensors -> {
            MemorySegment data = tensors.get(tensor).data();
            switch (value) {
                case Integer i -> data.set(ValueLayout.JAVA_INT_UNALIGNED, 4L * element, i);
                case Float f -> data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * element, f);
                case Short half -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * element, half);
                default -> throw new IllegalArgumentException(value.toString());
            }
        });
    }
}
