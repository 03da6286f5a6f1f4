package sparrow.models.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Gguf;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsFolder;
import sparrow.formats.weights.TorchZip;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/** Opens weights in any supported format. */
public final class WeightFiles {
    /** File name of a language model in GGUF. */
    public static final String GGUF = "model.gguf";

    private WeightFiles() {}

    /**
     * Opens the weights in a language model's folder: {@code model.gguf} if it exists, or safetensors otherwise.
     *
     * @throws BadFileException if there are no weights, or they are damaged
     * @throws IOException if a file cannot be read
     */
    public static Checkpoint folder(Path folder) throws IOException {
        Path gguf = folder.resolve(GGUF);
        return Files.isRegularFile(gguf) ? Gguf.open(gguf) : SafetensorsFolder.open(folder);
    }

    /**
     * Opens a file as GGUF if its name ends with {@code .gguf}, or as safetensors otherwise.
     *
     * @throws BadFileException if the file is missing or damaged
     * @throws IOException if the file cannot be read
     */
    public static Checkpoint file(Path file) throws IOException {
        return isGguf(file) ? Gguf.open(file) : Safetensors.open(file);
    }

    /**
     * Opens a part of a speech decoder: {@code NAME.gguf} if it exists, otherwise {@code NAME.safetensors} or
     * {@code NAME.pt}.
     *
     * @param name {@code flow} or {@code hift}
     * @throws BadFileException if none of these files exists, or the file is damaged
     * @throws IOException if a file cannot be read
     */
    public static Checkpoint speechDecoder(Path folder, String name) throws IOException {
        Path gguf = folder.resolve(name + ".gguf");
        Path safetensors = folder.resolve(name + ".safetensors");
        Path torch = folder.resolve(name + ".pt");
        if (Files.isRegularFile(gguf)) return Gguf.open(gguf);
        if (Files.isRegularFile(safetensors)) return Safetensors.open(safetensors);
        if (Files.isRegularFile(torch)) return TorchZip.open(torch);
        throw new BadFileException(
                folder, "expected %1$s.pt, %1$s.safetensors or %1$s.gguf, found none".formatted(name));
    }

    /** Returns whether a file's name ends with {@code .gguf}, ignoring case. */
    public static boolean isGguf(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".gguf");
    }

    /** Returns the format and the matrices' types in order of descending size, such as {@code GGUF, q8_0 and f16}. */
    public static String format(Checkpoint checkpoint) {
        Map<DType, Long> bytes = new EnumMap<>(DType.class);
        for (String name : checkpoint.names()) {
            Tensor tensor = checkpoint.tensor(name);
            if (tensor.shape().size() > 1)
                bytes.merge(tensor.dtype(), tensor.data().byteSize(), Long::sum);
        }
        return (checkpoint instanceof Gguf ? "GGUF, " : "safetensors, ")
                + bytes.entrySet().stream()
                        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                        .map(entry -> entry.getKey().name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(" and "));
    }
}
