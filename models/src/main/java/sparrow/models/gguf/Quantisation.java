package sparrow.models.gguf;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import sparrow.tensor.DType;

/** Storage types for a language model's matrices. Norms and biases are always f32. */
public enum Quantisation {
    /** 8.5 bits per weight. */
    Q8_0(DType.Q8_0),
    /** 4.5 bits per weight. */
    Q4_0(DType.Q4_0),
    /** 16 bits with the range of f32. */
    BF16(DType.BF16),
    /** 16 bits with 3 more bits of precision than bf16, up to 65504. */
    F16(DType.F16);

    private final DType dtype;

    Quantisation(DType dtype) {
        this.dtype = dtype;
    }

    /**
     * Returns the quantisation with the given name, such as {@code q4_0}.
     *
     * @throws IllegalArgumentException if there is no such quantisation
     */
    public static Quantisation of(String name) {
        for (Quantisation quantisation : values()) {
            if (quantisation.label().equals(name)) return quantisation;
        }
        String known = Arrays.stream(values()).map(Quantisation::label).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("quantisation: expected " + known + ", got " + name);
    }

    /** Returns the name on the command line and in messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the element type of matrices. */
    public DType dtype() {
        return dtype;
    }

    /**
     * Returns the storage type for a floating-point tensor. Matrices whose rows are not a multiple of the block are
     * stored as f16, as in llama.cpp.
     */
    public DType dtype(List<Integer> shape) {
        if (shape.size() < 2) return DType.F32;
        return shape.getLast() % dtype.blockElements() == 0 ? dtype : DType.F16;
    }
}
