package sparrow.gpu.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import sparrow.gpu.device.Grid;
import sparrow.gpu.driver.Foreign;
import sparrow.gpu.driver.SharedLibrary;

/** The functions that add work to a stream and wait for it. Device memory addresses are numbers. */
final class CudaCommands {
    private final Answers answers;
    private final MethodHandle toDevice;
    private final MethodHandle toHost;
    private final MethodHandle copy;
    private final MethodHandle fill;
    private final MethodHandle launch;
    private final MethodHandle synchronize;

    CudaCommands(SharedLibrary library, Answers answers) {
        this.answers = answers;
        toDevice = library.function("cuMemcpyHtoDAsync_v2", JAVA_INT, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
        toHost = library.function("cuMemcpyDtoHAsync_v2", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
        copy = library.function("cuMemcpyDtoDAsync_v2", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS);
        fill = library.function("cuMemsetD8Async", JAVA_INT, JAVA_LONG, JAVA_BYTE, JAVA_LONG, ADDRESS);
        launch = library.function(
                "cuLaunchKernel",
                JAVA_INT,
                ADDRESS,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                ADDRESS,
                ADDRESS,
                ADDRESS);
        synchronize = library.function("cuStreamSynchronize", JAVA_INT, ADDRESS);
    }

    /**
     * Copies memory to the device.
     *
     * @param from off-heap memory, which must not change until the stream has copied it
     */
    void write(MemorySegment stream, long to, MemorySegment from) {
        try {
            answers.check("cuMemcpyHtoDAsync", (int) toDevice.invokeExact(to, from, from.byteSize(), stream));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    void read(MemorySegment stream, long from, MemorySegment to) {
        try {
            answers.check("cuMemcpyDtoHAsync", (int) toHost.invokeExact(to, from, to.byteSize(), stream));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    void copy(MemorySegment stream, long from, long to, long bytes) {
        try {
            answers.check("cuMemcpyDtoDAsync", (int) copy.invokeExact(to, from, bytes, stream));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    void clear(MemorySegment stream, long at, long bytes) {
        try {
            answers.check("cuMemsetD8Async", (int) fill.invokeExact(at, (byte) 0, bytes, stream));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /**
     * Launches a kernel.
     *
     * @param arguments addresses of the values, which are read before this method returns
     */
    void launch(MemorySegment stream, MemorySegment function, Grid grid, MemorySegment arguments) {
        try {
            answers.check("cuLaunchKernel", (int) launch.invokeExact(
                    function,
                    grid.columns(),
                    grid.rows(),
                    1,
                    grid.items(),
                    1,
                    1,
                    0,
                    stream,
                    arguments,
                    MemorySegment.NULL));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    void finish(MemorySegment stream) {
        try {
            answers.check("cuStreamSynchronize", (int) synchronize.invokeExact(stream));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }
}
