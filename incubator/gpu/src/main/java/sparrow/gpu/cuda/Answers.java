package sparrow.gpu.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.device.NoMemoryException;
import sparrow.gpu.driver.Foreign;
import sparrow.gpu.driver.SharedLibrary;

/** Checks the result codes of driver calls. The driver returns the name of each code. */
final class Answers {
    static final int SUCCESS = 0;
    static final int OUT_OF_MEMORY = 2;
    static final int NO_DEVICE = 100;

    /** Maximum length of a code's name, in bytes. */
    private static final int NAME_BYTES = 128;

    private final MethodHandle getErrorName;

    Answers(SharedLibrary library) {
        getErrorName = library.function("cuGetErrorName", JAVA_INT, JAVA_INT, ADDRESS);
    }

    /**
     * Checks the result code of a driver call.
     *
     * @throws DeviceException if the call failed; the message is one line
     */
    void check(String call, int code) {
        if (code != SUCCESS) throw failure(call, code);
    }

    /** Creates an exception with a one-line message. */
    DeviceException failure(String call, int code) {
        String line = "CUDA: " + call + " failed: " + symbol(code) + " (" + code + ")";
        return code == OUT_OF_MEMORY ? new NoMemoryException(line) : new DeviceException(line);
    }

    private String symbol(int code) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(ADDRESS);
            int answer = (int) getErrorName.invokeExact(code, name);
            return answer == SUCCESS ? text(name.get(ADDRESS, 0)) : "a code specific to the driver";
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** Returns the constant string at an address in a library. */
    @SuppressWarnings("restricted") // The library returns the address of the text, but not its length.
    static String text(MemorySegment address) {
        return address.reinterpret(NAME_BYTES).getString(0);
    }
}
