package sparrow.models.convert;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Gguf;
import sparrow.formats.weights.GgufValue;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.models.gguf.AudioQuantisation;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.GgufExport;
import sparrow.models.weights.WeightFiles;
import sparrow.speech.layers.FoldedCheckpoint;
import sparrow.tensor.Tensor;

/** Writes audio parts to GGUF with quantised matrices. Weight norm is folded into the weights before quantisation. */
public final class AudioConversion {
    private static final String ARCHITECTURE = "general.architecture";
    private static final String AUDIO_PART = "audio-part";
    private static final List<String> DECODER = List.of("flow", "hift");

    private final AudioQuantisation quantisation;
    private final ConversionListener listener;

    /** Creates a conversion to a type whose {@link AudioQuantisation#matrices} is not empty. */
    public AudioConversion(AudioQuantisation quantisation, ConversionListener listener) {
        if (quantisation.matrices().isEmpty()) {
            throw new IllegalArgumentException("audio quantisation: expected fewer bits, got " + quantisation.label());
        }
        this.quantisation = quantisation;
        this.listener = listener;
    }

    /**
     * Writes the selected tensors of an audio part to a file.
     *
     * @param wanted a predicate that selects tensors by name
     * @throws sparrow.formats.BadFileException if a tensor is damaged, or contains a value that its new type cannot
     *     represent
     * @throws IOException if the file cannot be written
     */
    public void write(Checkpoint from, Predicate<String> wanted, Path to) throws IOException {
        Checkpoint folded = new FoldedCheckpoint(from);
        Map<String, GgufValue> keys = new LinkedHashMap<>();
        keys.put(ARCHITECTURE, new GgufValue.Text(AUDIO_PART));
        // Scalars are training counters rather than weights, and GGUF has no scalar tensors.
        List<String> names = folded.names().stream()
                .filter(wanted)
                .filter(name -> !folded.tensor(name).shape().isEmpty())
                .sorted()
                .toList();
        GgufExport.write(to, keys, folded, names, quantisation, listener);
    }

    /** Writes tensors unchanged to a safetensors file. */
    public static void copy(Checkpoint from, Predicate<String> wanted, Path to) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        from.names().stream().filter(wanted).sorted().forEach(name -> tensors.put(name, from.tensor(name)));
        SafetensorsWriter.write(to, tensors, Map.of());
    }

    /**
     * Writes a speech decoder's {@code flow.gguf} and {@code hift.gguf}.
     *
     * @param from the speech decoder's folder
     * @param to an existing folder
     */
    public void speechDecoder(Path from, Path to) throws IOException {
        for (String part : DECODER) {
            try (Checkpoint checkpoint = WeightFiles.speechDecoder(from, part)) {
                if (checkpoint instanceof Gguf) {
                    throw new BadFileException(checkpoint.source(), "is already GGUF: convert the original");
                }
                write(checkpoint, name -> true, to.resolve(part + ".gguf"));
            }
        }
    }

    /**
     * Returns whether a GGUF file was written by this class.
     *
     * @throws sparrow.formats.BadFileException if the file is not a GGUF file
     * @throws IOException if the file cannot be read
     */
    public static boolean isAudioPart(Path file) throws IOException {
        try (Gguf gguf = Gguf.open(file)) {
            return AUDIO_PART.equals(gguf.metadata().get(ARCHITECTURE));
        }
    }

    /** Returns whether a file in a speech decoder contains weights that {@link #speechDecoder} converts. */
    public static boolean isSpeechDecoderWeight(Path file) {
        String name = file.getFileName().toString();
        return DECODER.stream()
                .anyMatch(part ->
                        name.equals(part + ".pt") || name.equals(part + ".safetensors") || name.equals(part + ".gguf"));
    }
}
