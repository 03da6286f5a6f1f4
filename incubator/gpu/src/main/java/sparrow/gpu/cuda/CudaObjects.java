package sparrow.gpu.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.driver.Foreign;
import sparrow.gpu.driver.SharedLibrary;

/**
 * The functions that create and release objects. The driver represents a device memory address as a 64-bit number. In
 * this class, the number is the address of a segment, which this process must not read.
 */
final class CudaObjects {
    private static final int NON_BLOCKING = 1;
    private static final int ERROR_LOG = 5;
    private static final int ERROR_LOG_BYTES = 6;
    private static final long LOG_BYTES = 4096;

    private final Answers answers;
    private final MethodHandle retainContext;
    private final MethodHandle setContext;
    private final MethodHandle createStream;
    private final MethodHandle allocate;
    private final MethodHandle allocateHost;
    private final MethodHandle loadModule;
    private final MethodHandle getFunction;

    final Release releaseStream;
    final Release freeHost;
    final Release unload;
    private final MethodHandle releaseContext;
    private final MethodHandle free;

    /** The function that releases objects of one kind. */
    record Release(Answers answers, String call, MethodHandle function) {
        void of(MemorySegment object) {
            try {
                answers.check(call, (int) function.invokeExact(object));
            } catch (Throwable e) {
                throw Foreign.unexpected(e);
            }
        }
    }

    CudaObjects(SharedLibrary library, Answers answers) {
        this.answers = answers;
        retainContext = library.function("cuDevicePrimaryCtxRetain", JAVA_INT, ADDRESS, JAVA_INT);
        releaseContext = library.function("cuDevicePrimaryCtxRelease_v2", JAVA_INT, JAVA_INT);
        setContext = library.function("cuCtxSetCurrent", JAVA_INT, ADDRESS);
        createStream = library.function("cuStreamCreate", JAVA_INT, ADDRESS, JAVA_INT);
        releaseStream = release(library, "cuStreamDestroy", "cuStreamDestroy_v2");
        allocate = library.function("cuMemAlloc_v2", JAVA_INT, ADDRESS, JAVA_LONG);
        free = library.function("cuMemFree_v2", JAVA_INT, JAVA_LONG);
        allocateHost = library.function("cuMemAllocHost_v2", JAVA_INT, ADDRESS, JAVA_LONG);
        freeHost = release(library, "cuMemFreeHost", "cuMemFreeHost");
        loadModule = library.function("cuModuleLoadDataEx", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
        unload = release(library, "cuModuleUnload", "cuModuleUnload");
        getFunction = library.function("cuModuleGetFunction", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    }

    private Release release(SharedLibrary library, String call, String symbol) {
        return new Release(answers, call, library.function(symbol, JAVA_INT, ADDRESS));
    }

    private interface Creation {
        int create(Arena arena, MemorySegment to) throws Throwable;
    }

    /** Runs a function that creates an object and stores the object's address, and returns this address. */
    private MemorySegment created(String call, Creation creation) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(ADDRESS);
            answers.check(call, creation.create(arena, to));
            return to.get(ADDRESS, 0);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /**
     * Returns the primary context of a device, which is shared by the process. Each call must be matched by one
     * release.
     */
    MemorySegment context(int device) {
        return created("cuDevicePrimaryCtxRetain", (_, to) -> (int) retainContext.invokeExact(to, device));
    }

    void releaseContext(int device) {
        try {
            answers.check("cuDevicePrimaryCtxRelease", (int) releaseContext.invokeExact(device));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** Makes a context current for this thread. */
    void use(MemorySegment context) {
        try {
            answers.check("cuCtxSetCurrent", (int) setContext.invokeExact(context));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** Creates a stream that does not wait for the default stream. */
    MemorySegment stream() {
        return created("cuStreamCreate", (_, to) -> (int) createStream.invokeExact(to, NON_BLOCKING));
    }

    MemorySegment buffer(long bytes) {
        return created("cuMemAlloc", (_, to) -> (int) allocate.invokeExact(to, bytes));
    }

    void free(MemorySegment buffer) {
        try {
            answers.check("cuMemFree", (int) free.invokeExact(buffer.address()));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** Allocates page-locked memory of this machine, which the device can copy directly. */
    @SuppressWarnings("restricted") // The driver returns an address without a size.
    MemorySegment pinned(long bytes) {
        return created("cuMemAllocHost", (_, to) -> (int) allocateHost.invokeExact(to, bytes))
                .reinterpret(bytes);
    }

    /**
     * Loads a compiled program.
     *
     * @param image machine code, or PTX that ends with a zero byte
     * @throws DeviceException if the driver rejects the image; the one-line message includes the first lines of the
     *     driver's log, if any
     */
    MemorySegment module(String name, byte[] image) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(ADDRESS);
            MemorySegment log = arena.allocate(LOG_BYTES);
            MemorySegment data = arena.allocate(image.length, 64).copyFrom(MemorySegment.ofArray(image));
            int code = (int) loadModule.invokeExact(
                    to,
                    data,
                    2,
                    arena.allocateFrom(JAVA_INT, ERROR_LOG, ERROR_LOG_BYTES),
                    // Numbers are passed as addresses.
                    arena.allocateFrom(JAVA_LONG, log.address(), LOG_BYTES));
            if (code != Answers.SUCCESS) {
                String said = Foreign.firstLines(Foreign.text(log));
                String failure =
                        answers.failure("cuModuleLoadDataEx of " + name, code).getMessage();
                throw new DeviceException(said.isEmpty() ? failure : failure + ": " + said);
            }
            return to.get(ADDRESS, 0);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    MemorySegment function(MemorySegment module, String name) {
        return created("cuModuleGetFunction of " + name, (arena, to) ->
                (int) getFunction.invokeExact(to, module, arena.allocateFrom(name)));
    }
}
