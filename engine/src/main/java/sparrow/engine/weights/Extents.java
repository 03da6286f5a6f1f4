package sparrow.engine.weights;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import sparrow.engine.tensor.Tensor;

/** The formats give every byte to at most one tensor; an index that does otherwise is not believed. */
final class Extents {
    private Extents() {}

    /**
     * Refuses tensors that share bytes.
     *
     * @param key what gives a tensor its place in this format, for the message
     * @param data the segment that all tensors are slices of
     */
    static void checkApart(Path file, String key, MemorySegment data, Map<String, Tensor> tensors) {
        long end = 0;
        String before = "";
        List<String> names = new ArrayList<>(tensors.keySet());
        names.removeIf(name -> tensors.get(name).data().byteSize() == 0);
        names.sort(Comparator.comparingLong(name -> place(tensors.get(name), data)));
        for (String name : names) {
            Tensor tensor = tensors.get(name);
            if (place(tensor, data) < end) {
                throw new BadFileException(
                        file,
                        "tensor " + Printable.of(name),
                        key + ": expected bytes of its own, found some of tensor " + Printable.of(before));
            }
            end = place(tensor, data) + tensor.data().byteSize();
            before = name;
        }
    }

    private static long place(Tensor tensor, MemorySegment data) {
        return tensor.data().address() - data.address();
    }
}
