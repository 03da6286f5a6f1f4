package sparrow.gpu.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import sparrow.gpu.driver.Foreign;
import sparrow.gpu.driver.SharedLibrary;

/** The functions that list devices and return their properties. A device is a number, from 0. */
final class CudaQueries {
    static final int LARGEST_GROUP = 1;
    static final int COMPUTE_UNITS = 16;
    static final int CAPABILITY_MAJOR = 75;
    static final int CAPABILITY_MINOR = 76;

    private static final int NAME_BYTES = 256;

    private final Answers answers;
    private final MethodHandle init;
    private final MethodHandle getVersion;
    private final MethodHandle getCount;
    private final MethodHandle getDevice;
    private final MethodHandle getName;
    private final MethodHandle getMemory;
    private final MethodHandle getAttribute;

    CudaQueries(SharedLibrary library, Answers answers) {
        this.answers = answers;
        init = library.function("cuInit", JAVA_INT, JAVA_INT);
        getVersion = library.function("cuDriverGetVersion", JAVA_INT, ADDRESS);
        getCount = library.function("cuDeviceGetCount", JAVA_INT, ADDRESS);
        getDevice = library.function("cuDeviceGet", JAVA_INT, ADDRESS, JAVA_INT);
        getName = library.function("cuDeviceGetName", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
        getMemory = library.function("cuDeviceTotalMem_v2", JAVA_INT, ADDRESS, JAVA_INT);
        getAttribute = library.function("cuDeviceGetAttribute", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    }

    /** Initialises the driver, and returns whether it detects a device. */
    boolean start() {
        try {
            int code = (int) init.invokeExact(0);
            if (code == Answers.NO_DEVICE) return false;
            answers.check("cuInit", code);
            return true;
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    private interface Question {
        int ask(MemorySegment answer) throws Throwable;
    }

    private int number(String call, Question question) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(JAVA_INT);
            answers.check(call, question.ask(answer));
            return answer.get(JAVA_INT, 0);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** Returns the version of CUDA, such as 13020 for 13.2. */
    int version() {
        return number("cuDriverGetVersion", to -> (int) getVersion.invokeExact(to));
    }

    int devices() {
        return number("cuDeviceGetCount", to -> (int) getCount.invokeExact(to));
    }

    int device(int index) {
        return number("cuDeviceGet", to -> (int) getDevice.invokeExact(to, index));
    }

    int attribute(int device, int what) {
        return number("cuDeviceGetAttribute", to -> (int) getAttribute.invokeExact(to, what, device));
    }

    long memory(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(JAVA_LONG);
            answers.check("cuDeviceTotalMem", (int) getMemory.invokeExact(answer, device));
            return answer.get(JAVA_LONG, 0);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    String name(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(NAME_BYTES);
            answers.check("cuDeviceGetName", (int) getName.invokeExact(answer, NAME_BYTES, device));
            return Foreign.text(answer);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }
}
