package sparrow.models.gguf;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import sparrow.tensor.DType;

/** The storage of the matrices of a language model; vectors (norms, biases) stay f32. */
public enum Quantisation {
    /** 8.5 bits a weight. */
    Q8_0(DType.Q8_0),
    /** 4.5 bits a weight. */
    Q4_0(DType.Q4_0),
    /** 16 bits, with the range of f32. */
    BF16(DType.BF16),
    /** 16 bits, with 3 bits more of precision than bf16 and numbers up to 65504. */
    F16(DType.F16);

    private final DType dtype;

    Quantisation(DType dtype) {
        this.dtype = dtype;
    }

    /**
     * Returns the quantisation of a name such as {@code q4_0}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Quantisation of(String name) {
        for (Quantisation quantisation : values()) {
            if (quantisation.label().equals(name)) return quantisation;
        }
        String known = Arrays.stream(values()).map(Quantisation::label).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("quantisation: expected " + known + ", got " + name);
    }

    /** Name on the command line and in messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Element type of matrices. */
    public DType dtype() {
        return dtype;
    }

    /**
     * Returns the storage of a tensor of numbers: matrices that are not whole blocks are kept in f16, as llama.cpp
     * does.
     */
    DType dtype(List<Integer> shape) {
        if (shape.size() < 2) return DType.F32;
        return shape.getLast() % dtype.blockElements() == 0 ? dtype : DType.F16;
    }
}
