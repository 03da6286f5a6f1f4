package sparrow.models.gguf;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/** The storage of the matrices of the audio parts: speech tokenizer or audio encoder, flow and vocoder. */
public enum AudioQuantisation {
    /** As they are: the files are copied. */
    F32(null),
    /** Half the memory of f32. */
    F16(Quantisation.F16),
    /** Half the memory of f32, with its range. */
    BF16(Quantisation.BF16),
    /** 8.5 bits a weight; convolutions are f16, since rows of a file are as short as a kernel there. */
    Q8_0(Quantisation.Q8_0);

    /** With fewer inputs or outputs a matrix is small, and often the first or last of a network, whose error is heard. */
    private static final int LEAST_SIDE = 32;

    /** Tables that rows are looked up in, or compared with, by the last word of their layer's name. */
    private static final List<String> TABLES = List.of(
            "codebook", "embed_positions", "embed_positions2", "positional_embedding", "input_embedding", "emb");

    /** The vocoder's pitch: its error adds up over time, as the phase of every harmonic. A sixth of the vocoder's weights. */
    private static final String PITCH = "f0_predictor.";

    private final Quantisation quantisation;

    AudioQuantisation(Quantisation quantisation) {
        this.quantisation = quantisation;
    }

    /**
     * Returns the quantisation of a name such as {@code bf16}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static AudioQuantisation of(String name) {
        for (AudioQuantisation audio : values()) {
            if (audio.label().equals(name)) return audio;
        }
        String known = Arrays.stream(values()).map(AudioQuantisation::label).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("audio quantisation: expected " + known + ", got " + name);
    }

    /** Name on the command line and in messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the type of converted matrices; empty if everything stays as it is. */
    public Optional<Quantisation> matrices() {
        return Optional.ofNullable(quantisation);
    }

    /**
     * Returns the storage of a tensor of numbers: fewer bits if it is the weight of a layer large enough, else as it
     * is.
     *
     * @param name of the official module, such as {@code layers.0.fc1.weight}
     */
    DType dtype(String name, Tensor tensor) {
        List<Integer> shape = tensor.shape();
        boolean weight = name.endsWith(".weight") && shape.size() >= 2;
        boolean kept = !weight || isTable(name) || name.contains(PITCH) || isSmall(shape);
        if (quantisation == null || kept) return tensor.dtype().isWeight() ? tensor.dtype() : DType.F32;
        return quantisation.dtype(shape);
    }

    private static boolean isSmall(List<Integer> shape) {
        return Math.min(shape.get(0), shape.get(1)) < LEAST_SIDE;
    }

    private static boolean isTable(String name) {
        String[] words = name.split("\\.");
        return TABLES.contains(words[words.length - 2]);
    }
}
