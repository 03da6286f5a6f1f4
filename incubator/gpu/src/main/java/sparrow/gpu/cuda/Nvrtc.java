package sparrow.gpu.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.driver.Foreign;
import sparrow.gpu.driver.SharedLibrary;

/** NVIDIA's run-time compiler, which does not require a device. */
final class Nvrtc {
    private static final int SUCCESS = 0;
    private static final int COMPILATION_FAILURE = 6;

    /**
     * The first option disables contraction, as in OpenCL. The second option makes unqualified functions device
     * functions.
     */
    private static final List<String> OPTIONS = List.of("-fmad=false", "-default-device");

    private final MethodHandle getErrorString;
    private final MethodHandle getArchitectureCount;
    private final MethodHandle getArchitectures;
    private final MethodHandle create;
    private final MethodHandle compile;
    private final MethodHandle destroy;
    private final Output log;
    private final Output ptx;
    private final Output code;

    /** Two functions: one returns an output's size, and the other returns its bytes. */
    private record Output(String call, MethodHandle size, MethodHandle bytes) {}

    /**
     * The compiler's output for a program.
     *
     * @param image the image that the driver loads
     * @param signatures argument sizes in bytes, by kernel name
     */
    record Compiled(byte[] image, Map<String, List<Integer>> signatures) {}

    Nvrtc(SharedLibrary library) {
        getErrorString = library.function("nvrtcGetErrorString", ADDRESS, JAVA_INT);
        getArchitectureCount = library.function("nvrtcGetNumSupportedArchs", JAVA_INT, ADDRESS);
        getArchitectures = library.function("nvrtcGetSupportedArchs", JAVA_INT, ADDRESS);
        create =
                library.function("nvrtcCreateProgram", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
        compile = library.function("nvrtcCompileProgram", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
        destroy = library.function("nvrtcDestroyProgram", JAVA_INT, ADDRESS);
        log = output(library, "nvrtcGetProgramLog");
        ptx = output(library, "nvrtcGetPTX");
        code = output(library, "nvrtcGetCUBIN");
    }

    private static Output output(SharedLibrary library, String call) {
        return new Output(
                call,
                library.function(call + "Size", JAVA_INT, ADDRESS, ADDRESS),
                library.function(call, JAVA_INT, ADDRESS, ADDRESS));
    }

    /** Returns the supported compute capabilities times 10. */
    List<Integer> architectures() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_INT);
            check("nvrtcGetNumSupportedArchs", (int) getArchitectureCount.invokeExact(count));
            MemorySegment found = arena.allocate(JAVA_INT, count.get(JAVA_INT, 0));
            check("nvrtcGetSupportedArchs", (int) getArchitectures.invokeExact(found));
            return Arrays.stream(found.toArray(JAVA_INT)).boxed().toList();
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /**
     * Compiles a program.
     *
     * @param name name of the program in messages
     * @throws DeviceException if the program does not compile; the one-line message includes the first lines of the log
     */
    Compiled compile(String name, String text, Architecture architecture) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(ADDRESS);
            check("nvrtcCreateProgram", (int) create.invokeExact(
                    handle,
                    arena.allocateFrom(text),
                    arena.allocateFrom("kernels.cu"),
                    0,
                    MemorySegment.NULL,
                    MemorySegment.NULL));
            try {
                return compiled(name, handle.get(ADDRESS, 0), architecture, arena);
            } finally {
                check("nvrtcDestroyProgram", (int) destroy.invokeExact(handle));
            }
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    private Compiled compiled(String name, MemorySegment program, Architecture architecture, Arena arena)
            throws Throwable {
        MemorySegment options = arena.allocate(ADDRESS, 1 + OPTIONS.size());
        options.setAtIndex(ADDRESS, 0, arena.allocateFrom("--gpu-architecture=" + architecture.option()));
        for (int i = 0; i < OPTIONS.size(); i++) {
            options.setAtIndex(ADDRESS, 1 + i, arena.allocateFrom(OPTIONS.get(i)));
        }
        int answer = (int) compile.invokeExact(program, 1 + OPTIONS.size(), options);
        if (answer == COMPILATION_FAILURE) {
            String said = Foreign.text(bytes(log, program, arena));
            throw new DeviceException("CUDA: " + name + " does not compile: " + Foreign.firstLines(said));
        }
        check("nvrtcCompileProgram", answer);
        MemorySegment text = bytes(ptx, program, arena);
        MemorySegment image = architecture.code() ? bytes(code, program, arena) : text;
        return new Compiled(image.toArray(JAVA_BYTE), Signatures.of(Foreign.text(text)));
    }

    private MemorySegment bytes(Output output, MemorySegment program, Arena arena) throws Throwable {
        MemorySegment size = arena.allocate(JAVA_LONG);
        check(output.call() + "Size", (int) output.size().invokeExact(program, size));
        MemorySegment bytes = arena.allocate(size.get(JAVA_LONG, 0));
        check(output.call(), (int) output.bytes().invokeExact(program, bytes));
        return bytes;
    }

    private void check(String call, int code) throws Throwable {
        if (code == SUCCESS) return;
        String symbol = Answers.text((MemorySegment) getErrorString.invokeExact(code));
        throw new DeviceException("CUDA: " + call + " failed: " + symbol + " (" + code + ")");
    }
}
