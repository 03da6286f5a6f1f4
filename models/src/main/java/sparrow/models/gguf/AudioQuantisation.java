package sparrow.models.gguf;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/** Storage types for the matrices of the audio parts: speech tokenizer or audio encoder, flow and vocoder. */
public enum AudioQuantisation {
    /** The files are copied unchanged. */
    F32(null),
    /** Half the memory of f32. */
    F16(Quantisation.F16),
    /** Half the memory of f32, with the same range. */
    BF16(Quantisation.BF16),
    /** 8.5 bits per weight. Convolutions are stored as f16, because their rows are only as long as a kernel. */
    Q8_0(Quantisation.Q8_0);

    /**
     * Minimum number of inputs and outputs of a quantised matrix. Smaller matrices are often in the first or last
     * layer, where quantisation errors are audible.
     */
    private static final int MIN_SIDE = 32;

    /** Layers whose weight is a lookup table, identified by the last part of their name. */
    private static final List<String> TABLES = List.of(
            "codebook", "embed_positions", "embed_positions2", "positional_embedding", "input_embedding", "emb");

    /**
     * The vocoder's pitch predictor, which contains a sixth of the weights. Its error accumulates over time in the
     * phase of every harmonic.
     */
    private static final String PITCH = "f0_predictor.";

    private final Quantisation quantisation;

    AudioQuantisation(Quantisation quantisation) {
        this.quantisation = quantisation;
    }

    /**
     * Returns the quantisation with the given name, such as {@code bf16}.
     *
     * @throws IllegalArgumentException if there is no such quantisation
     */
    public static AudioQuantisation of(String name) {
        for (AudioQuantisation audio : values()) {
            if (audio.label().equals(name)) return audio;
        }
        String known = Arrays.stream(values()).map(AudioQuantisation::label).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("audio quantisation: expected " + known + ", got " + name);
    }

    /** Returns the name on the command line and in messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the type of converted matrices, or empty if nothing is converted. */
    public Optional<Quantisation> matrices() {
        return Optional.ofNullable(quantisation);
    }

    /**
     * Returns the storage type for a floating-point tensor with an official name such as {@code layers.0.fc1.weight}.
     * The weight of a large layer is quantised; other tensors are unchanged.
     */
    DType dtype(String name, Tensor tensor) {
        List<Integer> shape = tensor.shape();
        boolean weight = name.endsWith(".weight") && shape.size() >= 2;
        boolean kept = !weight || isTable(name) || name.contains(PITCH) || isSmall(shape);
        if (quantisation == null || kept) return tensor.dtype().isWeight() ? tensor.dtype() : DType.F32;
        return quantisation.dtype(shape);
    }

    private static boolean isSmall(List<Integer> shape) {
        return Math.min(shape.get(0), shape.get(1)) < MIN_SIDE;
    }

    private static boolean isTable(String name) {
        String[] words = name.split("\\.");
        return TABLES.contains(words[words.length - 2]);
    }
}
