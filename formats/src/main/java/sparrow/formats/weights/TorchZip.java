package sparrow.formats.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sparrow.formats.BadFileException;
import sparrow.formats.Printable;
import sparrow.tensor.Tensor;

/**
 * A memory-mapped PyTorch checkpoint ({@code .pt}, the zip form). It consists of a pickle that describes the tensors of
 * a state dictionary, and raw storages. {@code TensorUnpickler} reads the pickle and builds only tensors. Tensors that
 * are not contiguous in row-major order are copied; all others are read in place.
 */
public final class TorchZip extends TensorFile {
    /** Maximum size of the pickle in bytes. A tensor takes about 200 bytes. */
    private static final long MAX_PICKLE_BYTES = 16 << 20;

    private static final String PICKLE = "/data.pkl";

    private TorchZip(Source source) {
        super(source, tensors(source.file(), source.whole(), source.arena()));
    }

    /**
     * Maps a PyTorch checkpoint to memory.
     *
     * @throws BadFileException if the file is missing, truncated or inconsistent, if it has compressed entries, or if
     *     its pickle contains anything except tensors in a dictionary
     * @throws IOException if the file cannot be read
     */
    public static TorchZip open(Path file) throws IOException {
        return map(file, TorchZip::new);
    }

    private static Map<String, Tensor> tensors(Path file, MemorySegment whole, Arena arena) {
        Map<String, MemorySegment> entries = StoredZip.entries(file, whole);
        String root = root(file, entries.keySet());
        checkByteOrder(file, entries.get(root + "/byteorder"));
        MemorySegment pickle = entries.get(root + PICKLE);
        if (pickle.byteSize() > MAX_PICKLE_BYTES) {
            throw new BadFileException(
                    file, "data.pkl", "expected at most " + MAX_PICKLE_BYTES + " bytes, found " + pickle.byteSize());
        }
        Map<String, MemorySegment> storages = new LinkedHashMap<>();
        String prefix = root + "/data/";
        entries.forEach((name, data) -> {
            if (name.startsWith(prefix)) storages.put(name.substring(prefix.length()), data);
        });
        PickleBytes bytes = new PickleBytes(file, pickle.toArray(ValueLayout.JAVA_BYTE));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        long copied = 0;
        for (var entry : new TensorUnpickler(bytes, storages).stateDict().entrySet()) {
            StridedView view = entry.getValue();
            if (!view.contiguous()) copied += view.dtype().bytes(view.elements());
            // Otherwise, many views of one storage could allocate any amount of memory.
            if (copied > whole.byteSize()) throw new BadFileException(file, "views are larger than the file itself");
            tensors.put(entry.getKey(), view.tensor(arena));
        }
        return tensors;
    }

    /** Returns the name of the folder inside the archive: the file's name when the file was saved, or "archive". */
    private static String root(Path file, Set<String> names) {
        List<String> roots = names.stream()
                .filter(name -> name.endsWith(PICKLE))
                .map(name -> name.substring(0, name.length() - PICKLE.length()))
                .filter(root -> root.indexOf('/') < 0)
                .toList();
        if (roots.size() != 1) {
            throw new BadFileException(file, "expected one entry <name>/data.pkl, found " + roots.size());
        }
        return roots.getFirst();
    }

    private static void checkByteOrder(Path file, MemorySegment entry) {
        if (entry == null) return; // older files lack the entry and are little-endian
        byte[] head = entry.asSlice(0, Math.min(entry.byteSize(), 16)).toArray(ValueLayout.JAVA_BYTE);
        String order = new String(head, StandardCharsets.US_ASCII).strip();
        if (!order.equals("little")) {
            throw new BadFileException(file, "byteorder", "expected little, found " + Printable.of(order));
        }
    }
}
