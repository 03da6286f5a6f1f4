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
 * The calls that make objects and give them back. Memory of a device is a number of 64 bits there and an address here, which
 * nothing in this process may read.
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

    /** The call that gives one kind of object back. */
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

    /** Runs a call that writes the address of its object. */
    private MemorySegment created(String call, Creation creation) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(ADDRESS);
            answers.check(call, creation.create(arena, to));
            return to.get(ADDRESS, 0);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** The context of a device, one for the whole process; to be given back as often as it is taken. */
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

    /** Lets the calls of this thread mean a context. */
    void use(MemorySegment context) {
        try {
            answers.check("cuCtxSetCurrent", (int) setContext.invokeExact(context));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** A stream that waits for no other. */
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

    /** Memory of this machine that stays where it is, so that the device copies it by itself. */
    @SuppressWarnings("restricted") // the driver gives its address
    MemorySegment pinned(long bytes) {
        return created("cuMemAllocHost", (_, to) -> (int) allocateHost.invokeExact(to, bytes))
                .reinterpret(bytes);
    }

    /**
     * Loads a program.
     *
     * @param image code of the device, or PTX with a zero at its end
     * @throws DeviceException in one line, with the first lines of the driver's log if it has one
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
                    // A number is given as an address.
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
