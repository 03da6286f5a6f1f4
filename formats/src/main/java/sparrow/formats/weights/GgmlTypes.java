package sparrow.formats.weights;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import sparrow.tensor.DType;

/**
 * ggml's numbers for tensor types, the corresponding supported types, and the names of unsupported types for messages.
 */
final class GgmlTypes {
    private static final Map<Integer, DType> KNOWN =
            Arrays.stream(DType.values()).collect(Collectors.toMap(DType::ggmlType, Function.identity()));

    private static final Map<Integer, String> OTHERS = new TreeMap<>();

    static {
        name(3, "Q4_1");
        name(6, "Q5_0", "Q5_1");
        name(9, "Q8_1", "Q2_K", "Q3_K");
        name(15, "Q8_K");
        name(16, "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS", "I8", "I16");
        name(29, "IQ1_M");
        name(34, "TQ1_0", "TQ2_0");
        name(39, "MXFP4");
    }

    private GgmlTypes() {}

    private static void name(int first, String... names) {
        for (int i = 0; i < names.length; i++) OTHERS.put(first + i, names[i]);
    }

    /** Returns the type with the given number, or null if the type is not supported. */
    static DType dtype(int number) {
        return KNOWN.get(number);
    }

    /** Returns ggml's name for an unsupported type. */
    static String name(int number) {
        return OTHERS.getOrDefault(number, "type " + Integer.toUnsignedString(number));
    }
}
