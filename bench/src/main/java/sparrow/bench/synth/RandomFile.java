package sparrow.bench.synth;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.formats.weights.TensorContents;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.gguf.ConversionListener;

/**
 * Writes files of random weights, a few megabytes at a time. A file's numbers depend only on the seed and its name, so
 * that individual files of a folder can be written again.
 */
final class RandomFile {
    /** Number of values generated at a time. */
    private static final int PIECE = 1 << 18;

    private final RandomTensors tensors;
    private final SplittableRandom random;
    private final ConversionListener listener;

    private RandomFile(Path file, RandomTensors tensors, long seed, ConversionListener listener) {
        this.tensors = tensors;
        this.random = new SplittableRandom(seed + file.getFileName().toString().hashCode());
        this.listener = listener;
    }

    /** Writes a safetensors file. */
    public static void safetensors(Path file, RandomTensors tensors, long seed, ConversionListener listener)
            throws IOException {
        safetensors(file, tensors, Map.of("format", "pt"), seed, listener);
    }

    /** Writes a safetensors file with metadata. */
    public static void safetensors(
            Path file, RandomTensors tensors, Map<String, String> metadata, long seed, ConversionListener listener)
            throws IOException {
        RandomFile random = new RandomFile(file, tensors, seed, listener);
        SafetensorsWriter.write(file, tensors.descriptions(), metadata, random.contents());
    }

    /** Fills tensors in list order, which the format preserves if all tensors have the same type. */
    private TensorContents contents() {
        List<RandomTensors.RandomTensor> all = tensors.tensors();
        Iterator<RandomTensors.RandomTensor> next = all.iterator();
        int[] index = {0};
        return (description, to) -> {
            RandomTensors.RandomTensor tensor = next.next();
            listener.next(description.name(), index[0]++, all.size());
            write(tensor.description(), tensor.values(), random.split(), to);
        };
    }

    private static void write(
            TensorDescription tensor, RandomTensors.Values values, SplittableRandom random, WritableByteChannel to)
            throws IOException {
        int size = (int) Math.min(PIECE, tensor.elements());
        float[] numbers = new float[size];
        for (long left = tensor.elements(); left > 0; left -= size) {
            values.fill(numbers, random);
            tensor.write(left < size ? Arrays.copyOf(numbers, (int) left) : numbers, to);
        }
    }
}
