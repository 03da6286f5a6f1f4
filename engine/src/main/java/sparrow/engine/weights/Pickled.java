package sparrow.engine.weights;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import sparrow.engine.tensor.DType;

/**
 * What the pickle of a checkpoint may hold. A container can hold itself, so values are never compared, hashed or
 * printed as a whole; {@link #kind()} is what messages say.
 */
sealed interface Pickled {
    /** What this is, for messages. */
    String kind();

    record Text(String value) implements Pickled {
        @Override
        public String kind() {
            return "\"" + Printable.of(value) + "\"";
        }
    }

    record Whole(long value) implements Pickled {
        @Override
        public String kind() {
            return "the number " + value;
        }
    }

    record Truth(boolean value) implements Pickled {
        @Override
        public String kind() {
            return value ? "True" : "False";
        }
    }

    record None() implements Pickled {
        @Override
        public String kind() {
            return "None";
        }
    }

    /** Where a tuple or a run of items begins on the stack. */
    record Mark() implements Pickled {
        @Override
        public String kind() {
            return "a mark";
        }
    }

    record Tuple(List<Pickled> items) implements Pickled {
        @Override
        public String kind() {
            return "a tuple of " + items.size();
        }
    }

    record Items(List<Pickled> items) implements Pickled {
        @Override
        public String kind() {
            return "a list";
        }
    }

    record Dict(Map<String, Pickled> entries) implements Pickled {
        @Override
        public String kind() {
            return "a dictionary";
        }
    }

    /** A function that may be called. */
    enum Callable implements Pickled {
        ORDERED_DICT,
        REBUILD_TENSOR,
        REBUILD_PARAMETER;

        @Override
        public String kind() {
            return "a function";
        }
    }

    /** A storage class, which stands for the type of its elements. */
    record StorageClass(DType dtype) implements Pickled {
        @Override
        public String kind() {
            return "a storage class";
        }
    }

    /** The raw content of a storage, which several tensors may share. */
    record Storage(MemorySegment data, DType dtype) implements Pickled {
        @Override
        public String kind() {
            return "a storage";
        }
    }

    record View(StridedView view) implements Pickled {
        @Override
        public String kind() {
            return "a tensor";
        }
    }
}
