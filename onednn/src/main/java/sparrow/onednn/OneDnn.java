package sparrow.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The functions of oneDNN's C interface for matrix products. Handles are addresses. The status of every call is
 * checked.
 */
@SuppressWarnings("restricted") // the documented sizes are assigned to pointers returned by the library
final class OneDnn {
    static final int BF16 = 2;
    static final int F32 = 3;

    static final int SOURCE = 1;
    static final int DESTINATION = 17;
    static final int WEIGHTS = 33;
    static final int SCRATCHPAD = 80;

    /** Maximum number of dimensions of a tensor, and the length of every dimension array. */
    private static final int MAX_DIMENSIONS = 12;

    private static final int CPU = 1;
    private static final int IN_ORDER = 1;
    private static final int USER_SCRATCHPAD = 1;

    /** The tag BA16a64b2a, which means blocks of 32 rows by 64 columns in which pairs of rows are interleaved. */
    private static final int PAIRS_OF_64 = 384;

    private static final int QUERY_STRIDES = 14;
    private static final int QUERY_SCRATCHPAD = 136;
    private static final int QUERY_INNER_BLOCK_COUNT = 263;
    private static final int QUERY_INNER_BLOCKS = 264;

    private static final int SEQUENTIAL = 1;
    private static final int OPENMP = 2;

    private static final Map<Integer, String> STATUS = Map.of(
            1, "out of memory",
            2, "invalid arguments",
            3, "unimplemented",
            4, "last implementation reached",
            5, "runtime error",
            6, "not required",
            7, "invalid graph",
            8, "invalid operation of a graph",
            9, "invalid shape",
            10, "invalid data type");

    private final SharedLibrary library;
    private final String version;
    private final int isa;
    private final Optional<MethodHandle> ompSetNumThreads;
    private final MethodHandle createWithStrides;
    private final MethodHandle createWithTag;
    private final MethodHandle destroyDescription;
    private final MethodHandle sizeOfDescription;
    private final MethodHandle queryDescription;
    private final MethodHandle createMemory;
    private final MethodHandle setDataHandle;
    private final MethodHandle destroyMemory;
    private final MethodHandle createAttributes;
    private final MethodHandle setScratchpadMode;
    private final MethodHandle setPostOps;
    private final MethodHandle destroyAttributes;
    private final MethodHandle createPostOps;
    private final MethodHandle appendSum;
    private final MethodHandle destroyPostOps;
    private final MethodHandle describeMatmul;
    private final MethodHandle queryMemoryOfPrimitive;
    private final MethodHandle destroyPrimitiveDescription;
    private final MethodHandle createPrimitive;
    private final MethodHandle execute;
    private final MethodHandle destroyPrimitive;
    private final MemorySegment engine;
    private final MemorySegment stream;

    private OneDnn(SharedLibrary library) {
        this.library = library;
        int runtime;
        try {
            MemorySegment found =
                    ((MemorySegment) function("dnnl_version", ADDRESS).invokeExact()).reinterpret(32);
            version = found.get(JAVA_INT, 0) + "." + found.get(JAVA_INT, 4) + "." + found.get(JAVA_INT, 8);
            runtime = found.get(JAVA_INT, 24);
            isa = (int) function("dnnl_get_effective_cpu_isa", JAVA_INT).invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
        if (!version.startsWith("3.")) throw unsuitable("expected version 3, found " + version);
        if (runtime != SEQUENTIAL && runtime != OPENMP) {
            throw unsuitable("expected threading by OpenMP or none, found another runtime (" + runtime + ")");
        }
        ompSetNumThreads = runtime == OPENMP
                ? Optional.of(handle("omp_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT)))
                : Optional.empty();
        createWithStrides = function(
                "dnnl_memory_desc_create_with_strides", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
        createWithTag =
                function("dnnl_memory_desc_create_with_tag", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
        destroyDescription = function("dnnl_memory_desc_destroy", JAVA_INT, ADDRESS);
        sizeOfDescription = function("dnnl_memory_desc_get_size", JAVA_LONG, ADDRESS);
        queryDescription = function("dnnl_memory_desc_query", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
        createMemory = function("dnnl_memory_create", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        setDataHandle = function("dnnl_memory_set_data_handle", JAVA_INT, ADDRESS, ADDRESS);
        destroyMemory = function("dnnl_memory_destroy", JAVA_INT, ADDRESS);
        createAttributes = function("dnnl_primitive_attr_create", JAVA_INT, ADDRESS);
        setScratchpadMode = function("dnnl_primitive_attr_set_scratchpad_mode", JAVA_INT, ADDRESS, JAVA_INT);
        setPostOps = function("dnnl_primitive_attr_set_post_ops", JAVA_INT, ADDRESS, ADDRESS);
        destroyAttributes = function("dnnl_primitive_attr_destroy", JAVA_INT, ADDRESS);
        createPostOps = function("dnnl_post_ops_create", JAVA_INT, ADDRESS);
        appendSum = function("dnnl_post_ops_append_sum", JAVA_INT, ADDRESS, JAVA_FLOAT, JAVA_INT, JAVA_INT);
        destroyPostOps = function("dnnl_post_ops_destroy", JAVA_INT, ADDRESS);
        describeMatmul = function(
                "dnnl_matmul_primitive_desc_create",
                JAVA_INT,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS);
        queryMemoryOfPrimitive = function("dnnl_primitive_desc_query_md", ADDRESS, ADDRESS, JAVA_INT, JAVA_INT);
        destroyPrimitiveDescription = function("dnnl_primitive_desc_destroy", JAVA_INT, ADDRESS);
        createPrimitive = function("dnnl_primitive_create", JAVA_INT, ADDRESS, ADDRESS);
        execute = function("dnnl_primitive_execute", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
        destroyPrimitive = function("dnnl_primitive_destroy", JAVA_INT, ADDRESS);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ADDRESS);
            check("dnnl_engine_create", (int) function("dnnl_engine_create", JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG)
                    .invokeExact(result, CPU, 0L));
            engine = result.get(ADDRESS, 0);
            check("dnnl_stream_create", (int) function("dnnl_stream_create", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT)
                    .invokeExact(result, engine, IN_ORDER));
            stream = result.get(ADDRESS, 0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * Binds a library's functions.
     *
     * @throws IllegalStateException if the library is not oneDNN version 3 or was built with another threading runtime;
     *     the message is one line
     */
    static OneDnn load(SharedLibrary library) {
        return new OneDnn(library);
    }

    String version() {
        return version;
    }

    String origin() {
        return library.origin();
    }

    /** Returns the instruction set that the library uses on this processor. */
    CpuIsa isa() {
        return new CpuIsa(isa);
    }

    private MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.of(result, arguments));
    }

    private MethodHandle handle(String name, FunctionDescriptor function) {
        try {
            return Linker.nativeLinker().downcallHandle(library.symbols().findOrThrow(name), function);
        } catch (NoSuchElementException _) {
            throw unsuitable("expected a function " + name + ", found none");
        }
    }

    private IllegalStateException unsuitable(String why) {
        return new IllegalStateException("oneDNN (" + library.origin() + "): " + why);
    }

    /** Restricts the library to the calling thread, because the kernels use their own threads. */
    void oneThread() {
        if (ompSetNumThreads.isEmpty()) return;
        try {
            ompSetNumThreads.get().invokeExact(1);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Creates the description of a matrix with strides given in elements. */
    MemorySegment matrix(int type, long rows, long columns, long rowStride, long columnStride) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ADDRESS);
            check("dnnl_memory_desc_create_with_strides", (int) createWithStrides.invokeExact(
                    result, 2, dimensions(arena, rows, columns), type, dimensions(arena, rowStride, columnStride)));
            return result.get(ADDRESS, 0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * Creates the description of a bf16 matrix [inputs, outputs]. Pairs of inputs are interleaved in blocks of 64
     * outputs.
     *
     * @throws IllegalStateException if the tag denotes another layout in this library version
     */
    MemorySegment pairs(long inputs, long outputs) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ADDRESS);
            check("dnnl_memory_desc_create_with_tag", (int)
                    createWithTag.invokeExact(result, 2, dimensions(arena, inputs, outputs), BF16, PAIRS_OF_64));
            MemorySegment matrix = result.get(ADDRESS, 0);
            // Tag numbers can differ between versions, so the layout is checked.
            query(matrix, QUERY_INNER_BLOCK_COUNT, result);
            int count = result.get(JAVA_INT, 0);
            query(matrix, QUERY_INNER_BLOCKS, result);
            MemorySegment blocks = numbers(result);
            query(matrix, QUERY_STRIDES, result);
            MemorySegment strides = numbers(result);
            boolean same = count == 3
                    && blocks.getAtIndex(JAVA_LONG, 0) == 16
                    && blocks.getAtIndex(JAVA_LONG, 1) == 64
                    && blocks.getAtIndex(JAVA_LONG, 2) == 2
                    && strides.getAtIndex(JAVA_LONG, 0) == 32 * 64
                    && strides.getAtIndex(JAVA_LONG, 1) == 64 * inputs;
            if (!same) throw unsuitable("version " + version + " uses another layout of weights");
            return matrix;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private void query(MemorySegment matrix, int what, MemorySegment result) throws Throwable {
        check("dnnl_memory_desc_query", (int) queryDescription.invokeExact(matrix, what, result));
    }

    private static MemorySegment numbers(MemorySegment result) {
        AddressLayout array = ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(MAX_DIMENSIONS, JAVA_LONG));
        return result.get(array, 0);
    }

    private static MemorySegment dimensions(Arena arena, long first, long second) {
        MemorySegment dimensions = arena.allocate(JAVA_LONG, MAX_DIMENSIONS);
        dimensions.setAtIndex(JAVA_LONG, 0, first);
        dimensions.setAtIndex(JAVA_LONG, 1, second);
        return dimensions;
    }

    void destroyMatrix(MemorySegment matrix) {
        release(destroyDescription, matrix);
    }

    /** Creates the description of destination += source times weights, with scratch memory provided by the caller. */
    MemorySegment describeProduct(MemorySegment source, MemorySegment weights, MemorySegment destination) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ADDRESS);
            check("dnnl_primitive_attr_create", (int) createAttributes.invokeExact(result));
            MemorySegment attributes = result.get(ADDRESS, 0);
            try {
                check("dnnl_primitive_attr_set_scratchpad_mode", (int)
                        setScratchpadMode.invokeExact(attributes, USER_SCRATCHPAD));
                addToDestination(attributes, result);
                check("dnnl_matmul_primitive_desc_create", (int) describeMatmul.invokeExact(
                        result, engine, source, weights, MemorySegment.NULL, destination, attributes));
                return result.get(ADDRESS, 0);
            } finally {
                release(destroyAttributes, attributes);
            }
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private void addToDestination(MemorySegment attributes, MemorySegment result) throws Throwable {
        check("dnnl_post_ops_create", (int) createPostOps.invokeExact(result));
        MemorySegment after = result.get(ADDRESS, 0);
        try {
            check("dnnl_post_ops_append_sum", (int) appendSum.invokeExact(after, 1f, 0, 0));
            check("dnnl_primitive_attr_set_post_ops", (int) setPostOps.invokeExact(attributes, after));
        } finally {
            release(destroyPostOps, after);
        }
    }

    /** Returns the description of a product's scratch memory, which the product's description owns. */
    MemorySegment scratchpad(MemorySegment product) {
        try {
            return (MemorySegment) queryMemoryOfPrimitive.invokeExact(product, QUERY_SCRATCHPAD, 0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Returns the size of a matrix or of scratch memory in bytes. */
    long bytes(MemorySegment description) {
        try {
            return (long) sizeOfDescription.invokeExact(description);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void destroyDescriptionOfProduct(MemorySegment product) {
        release(destroyPrimitiveDescription, product);
    }

    /** Generates the code for a product. */
    MemorySegment primitive(MemorySegment product) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ADDRESS);
            check("dnnl_primitive_create", (int) createPrimitive.invokeExact(result, product));
            return result.get(ADDRESS, 0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void destroyPrimitive(MemorySegment primitive) {
        release(destroyPrimitive, primitive);
    }

    /** Creates a memory object without data. {@link #point} sets the data. */
    MemorySegment memory(MemorySegment description) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ADDRESS);
            check("dnnl_memory_create", (int)
                    createMemory.invokeExact(result, description, engine, MemorySegment.NULL));
            return result.get(ADDRESS, 0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void point(MemorySegment memory, MemorySegment data) {
        try {
            check("dnnl_memory_set_data_handle", (int) setDataHandle.invokeExact(memory, data));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void destroyMemory(MemorySegment memory) {
        release(destroyMemory, memory);
    }

    /**
     * Runs a primitive and returns when it has finished.
     *
     * @param arguments the arguments created by {@link #arguments}
     */
    void execute(MemorySegment primitive, MemorySegment arguments) {
        int count = (int) (arguments.byteSize() / 16);
        try {
            check("dnnl_primitive_execute", (int) execute.invokeExact(primitive, stream, count, arguments));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * Creates the arguments for a primitive. Each argument is a record that consists of its role (an int) and its
     * memory object.
     */
    static MemorySegment arguments(Arena arena, Map<Integer, MemorySegment> memories) {
        MemorySegment arguments = arena.allocate(16L * memories.size(), 8);
        long at = 0;
        for (Map.Entry<Integer, MemorySegment> memory : memories.entrySet()) {
            arguments.set(JAVA_INT, at, memory.getKey());
            arguments.set(ADDRESS, at + 8, memory.getValue());
            at += 16;
        }
        return arguments;
    }

    private static void release(MethodHandle destroy, MemorySegment what) {
        try {
            check("dnnl_..._destroy", (int) destroy.invokeExact(what));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static void check(String function, int status) {
        if (status == 0) return;
        throw new IllegalStateException("oneDNN: " + function + " failed: "
                + STATUS.getOrDefault(status, "unknown status") + " (" + status + ")");
    }

    private static RuntimeException unexpected(Throwable e) {
        return switch (e) {
            case RuntimeException failure -> failure;
            case Error error -> throw error;
            default -> new IllegalStateException(e);
        };
    }
}
