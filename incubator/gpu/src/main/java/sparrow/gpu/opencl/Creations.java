package sparrow.gpu.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.driver.Foreign;
import sparrow.gpu.driver.SharedLibrary;

/** The functions that create and release objects. Handles are addresses. */
final class Creations {
    private static final long CONTEXT_PLATFORM = 0x1084;
    private static final long READ_WRITE = 1;
    private static final int BUILD_LOG = 0x1183;
    private static final int KERNEL_ARGUMENTS = 0x1191;

    private final MethodHandle createContext;
    private final MethodHandle createQueue;
    private final MethodHandle createBuffer;
    private final MethodHandle createProgram;
    private final MethodHandle buildProgram;
    private final MethodHandle getBuildInfo;
    private final MethodHandle createKernel;
    private final MethodHandle getKernelInfo;

    final Release releaseContext;
    final Release releaseQueue;
    final Release releaseBuffer;
    final Release releaseProgram;
    final Release releaseKernel;

    /** The function that releases objects of one kind. */
    record Release(String call, MethodHandle function) {
        void of(MemorySegment handle) {
            try {
                Status.check(call, (int) function.invokeExact(handle));
            } catch (Throwable e) {
                throw Foreign.unexpected(e);
            }
        }
    }

    Creations(SharedLibrary library) {
        createContext =
                library.function("clCreateContext", ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        createQueue = library.function("clCreateCommandQueue", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
        createBuffer = library.function("clCreateBuffer", ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS);
        createProgram =
                library.function("clCreateProgramWithSource", ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
        buildProgram =
                library.function("clBuildProgram", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        getBuildInfo = library.function(
                "clGetProgramBuildInfo", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
        createKernel = library.function("clCreateKernel", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        getKernelInfo = library.function("clGetKernelInfo", JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
        releaseContext = release(library, "clReleaseContext");
        releaseQueue = release(library, "clReleaseCommandQueue");
        releaseBuffer = release(library, "clReleaseMemObject");
        releaseProgram = release(library, "clReleaseProgram");
        releaseKernel = release(library, "clReleaseKernel");
    }

    private static Release release(SharedLibrary library, String call) {
        return new Release(call, library.function(call, JAVA_INT, ADDRESS));
    }

    private interface Creation {
        MemorySegment create(Arena arena, MemorySegment code) throws Throwable;
    }

    /** Runs a function that creates an object and stores its result code in memory, and returns the object. */
    private static MemorySegment created(String call, Creation creation) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = arena.allocate(JAVA_INT);
            MemorySegment handle = creation.create(arena, code);
            Status.check(call, code.get(JAVA_INT, 0));
            return handle;
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    MemorySegment context(MemorySegment platform, MemorySegment device) {
        return created("clCreateContext", (arena, code) -> {
            MemorySegment properties = arena.allocateFrom(JAVA_LONG, CONTEXT_PLATFORM, platform.address(), 0);
            MemorySegment devices = arena.allocateFrom(ADDRESS, device);
            return (MemorySegment)
                    createContext.invokeExact(properties, 1, devices, MemorySegment.NULL, MemorySegment.NULL, code);
        });
    }

    /** Creates an in-order queue. */
    MemorySegment queue(MemorySegment context, MemorySegment device) {
        return created("clCreateCommandQueue", (_, code) ->
                (MemorySegment) createQueue.invokeExact(context, device, 0L, code));
    }

    MemorySegment buffer(MemorySegment context, long bytes) {
        return created("clCreateBuffer", (_, code) ->
                (MemorySegment) createBuffer.invokeExact(context, READ_WRITE, bytes, MemorySegment.NULL, code));
    }

    /**
     * Compiles a program.
     *
     * @throws DeviceException if the program does not compile; the one-line message includes the first lines of the log
     */
    MemorySegment program(MemorySegment context, MemorySegment device, String name, String text) {
        MemorySegment program = created("clCreateProgramWithSource", (arena, code) -> {
            MemorySegment texts = arena.allocateFrom(ADDRESS, arena.allocateFrom(text));
            return (MemorySegment) createProgram.invokeExact(context, 1, texts, MemorySegment.NULL, code);
        });
        try (Arena arena = Arena.ofConfined()) {
            int code = (int) buildProgram.invokeExact(
                    program,
                    1,
                    arena.allocateFrom(ADDRESS, device),
                    arena.allocateFrom("-cl-std=CL1.2"),
                    MemorySegment.NULL,
                    MemorySegment.NULL);
            if (code == Status.BUILD_PROGRAM_FAILURE) {
                throw new DeviceException("OpenCL: " + name + " does not compile: " + log(program, device, arena));
            }
            Status.check("clBuildProgram", code);
            return program;
        } catch (Throwable e) {
            releaseProgram.of(program);
            throw Foreign.unexpected(e);
        }
    }

    /** Returns the first lines of the compiler's log, joined into one line. */
    private String log(MemorySegment program, MemorySegment device, Arena arena) throws Throwable {
        String call = "clGetProgramBuildInfo";
        MemorySegment size = arena.allocate(JAVA_LONG);
        Status.check(call, (int) getBuildInfo.invokeExact(program, device, BUILD_LOG, 0L, MemorySegment.NULL, size));
        MemorySegment log = arena.allocate(MemoryLayout.sequenceLayout(size.get(JAVA_LONG, 0) + 1, JAVA_BYTE));
        Status.check(call, (int)
                getBuildInfo.invokeExact(program, device, BUILD_LOG, log.byteSize(), log, MemorySegment.NULL));
        return Foreign.firstLines(Foreign.text(log));
    }

    MemorySegment kernel(MemorySegment program, String name) {
        return created("clCreateKernel of " + name, (arena, code) ->
                (MemorySegment) createKernel.invokeExact(program, arena.allocateFrom(name), code));
    }

    int arguments(MemorySegment kernel) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_INT);
            Status.check("clGetKernelInfo", (int)
                    getKernelInfo.invokeExact(kernel, KERNEL_ARGUMENTS, 4L, count, MemorySegment.NULL));
            return count.get(JAVA_INT, 0);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }
}
