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

/** The answers of the driver's calls: codes, which the driver can name. */
final class Answers {
    static final int SUCCESS = 0;
    static final int OUT_OF_MEMORY = 2;
    static final int NO_DEVICE = 100;

    /** The longest name has fewer bytes. */
    private static final int NAME_BYTES = 128;

    private final MethodHandle getErrorName;

    Answers(SharedLibrary library) {
        getErrorName = library.function("cuGetErrorName", JAVA_INT, JAVA_INT, ADDRESS);
    }

    /**
     * Returns on success.
     *
     * @throws DeviceException in one line for every other code
     */
    void check(String call, int code) {
        if (code != SUCCESS) throw failure(call, code);
    }

    /** A failure in one line. */
    DeviceException failure(String call, int code) {
        String line = "CUDA: " + call + " failed: " + symbol(code) + " (" + code + ")";
        return code == OUT_OF_MEMORY ? new NoMemoryException(line) : new DeviceException(line);
    }

    private String symbol(int code) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(ADDRESS);
            int answer = (int) getErrorName.invokeExact(code, name);
            return answer == SUCCESS ? text(name.get(ADDRESS, 0)) : "a code of the driver's own";
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** A constant text of a library. */
    @SuppressWarnings("restricted") // the library gives the address of the text, not its length
    static String text(MemorySegment address) {
        return address.reinterpret(NAME_BYTES).getString(0);
    }
}
