package sparrow.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import sparrow.formats.BadFileException;
import sparrow.tensor.DType;

/**
 * An input or output of a network, as declared in its file.
 *
 * @param shape the sizes, outermost first, with {@link #ANY} for a size that the file does not fix
 */
public record OnnxPort(String name, DType type, List<Integer> shape) {
    /** A size that is not fixed. */
    public static final int ANY = -1;

    public OnnxPort {
        shape = List.copyOf(shape);
    }

    /**
     * Creates the port for a node.
     *
     * @throws BadFileException if the node is not a tensor of a type that {@link OnnxModel} supports
     */
    static OnnxPort of(Path file, NodeInfo node) {
        if (!(node.getInfo() instanceof TensorInfo tensor)) {
            throw new BadFileException(file, node.getName(), "expected a tensor, found " + node.getInfo());
        }
        return new OnnxPort(node.getName(), type(file, node.getName(), tensor.type), sizes(tensor.getShape()));
    }

    static DType type(Path file, String name, OnnxJavaType type) {
        return switch (type) {
            case FLOAT -> DType.F32;
            case INT32 -> DType.I32;
            case INT64 -> DType.I64;
            default -> throw new BadFileException(file, name, "expected F32, I32 or I64, found " + type);
        };
    }

    private static List<Integer> sizes(long[] shape) {
        return Arrays.stream(shape).mapToObj(Math::toIntExact).toList();
    }

    /**
     * Returns whether this port accepts tensors with another port's type and shape. A size that varies in the other
     * port must not be fixed in this port. If the file declares no sizes, all sizes are accepted.
     */
    boolean accepts(OnnxPort other) {
        if (type != other.type) return false;
        if (shape.isEmpty()) return true;
        boolean fits = shape.size() == other.shape.size();
        for (int axis = 0; fits && axis < shape.size(); axis++) {
            fits = shape.get(axis) == ANY || shape.get(axis).equals(other.shape.get(axis));
        }
        return fits;
    }

    /** Returns the type and shape, such as {@code F32 [1, 128, any]}. */
    String form() {
        return shape.stream()
                .map(size -> size == ANY ? "any" : size.toString())
                .collect(Collectors.joining(", ", type + " [", "]"));
    }

    @Override
    public String toString() {
        return name + " " + form();
    }
}
