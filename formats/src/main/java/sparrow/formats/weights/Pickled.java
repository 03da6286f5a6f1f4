package sparrow.formats.weights;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import sparrow.formats.Printable;
import sparrow.tensor.DType;

/**
 * A value in a checkpoint's pickle. A container can contain itself, so values are never compared, hashed or printed;
 * messages contain their {@link #kind()}.
 */
sealed interface Pickled {
    record Text(String value) implements Pickled {}

    record Whole(long value) implements Pickled {}

    record Truth(boolean value) implements Pickled {}

    record None() implements Pickled {}

    /** Marks the position on the stack where a tuple or a run of items begins. */
    record Mark() implements Pickled {}

    record Tuple(List<Pickled> items) implements Pickled {}

    record Items(List<Pickled> items) implements Pickled {}

    record Dict(Map<String, Pickled> entries) implements Pickled {}

    /** A function that a pickle may call. */
    enum Callable implements Pickled {
        ORDERED_DICT,
        REBUILD_TENSOR,
        REBUILD_PARAMETER
    }

    /** A storage class, represented by the type of its elements. */
    record StorageClass(DType dtype) implements Pickled {}

    /** The raw content of a storage. Several tensors may share it. */
    record Storage(MemorySegment data, DType dtype) implements Pickled {}

    record View(StridedView view) implements Pickled {}

    /** Returns the kind of this value, for messages. */
    default String kind() {
        return switch (this) {
            case Text(String value) -> "\"" + Printable.of(value) + "\"";
            case Whole(long value) -> "the number " + value;
            case Truth(boolean value) -> value ? "True" : "False";
            case None() -> "None";
            case Mark() -> "a mark";
            case Tuple(var items) -> "a tuple of " + items.size();
            case Items _ -> "a list";
            case Dict _ -> "a dictionary";
            case Callable _ -> "a function";
            case StorageClass _ -> "a storage class";
            case Storage _ -> "a storage";
            case View _ -> "a tensor";
        };
    }
}
