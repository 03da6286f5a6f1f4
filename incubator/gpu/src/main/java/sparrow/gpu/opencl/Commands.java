package sparrow.gpu.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import sparrow.gpu.driver.Foreign;
import sparrow.gpu.driver.SharedLibrary;

/** The functions that add work to a queue and wait for it. Events are not used, because the queue is in-order. */
final class Commands {
    private static final MemorySegment NONE = MemorySegment.NULL;

    private final MethodHandle write;
    private final MethodHandle read;
    private final MethodHandle copy;
    private final MethodHandle fill;
    private final MethodHandle setArgument;
    private final MethodHandle run;
    private final MethodHandle finish;

    Commands(SharedLibrary library) {
        write = transfer(library, "clEnqueueWriteBuffer");
        read = transfer(library, "clEnqueueReadBuffer");
        copy = library.function(
                "clEnqueueCopyBuffer",
                JAVA_INT,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_INT,
                ADDRESS,
                ADDRESS);
        fill = library.function(
                "clEnqueueFillBuffer",
                JAVA_INT,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_INT,
                ADDRESS,
                ADDRESS);
        setArgument = library.function("clSetKernelArg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS);
        run = library.function(
                "clEnqueueNDRangeKernel",
                JAVA_INT,
                ADDRESS,
                ADDRESS,
                JAVA_INT,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                JAVA_INT,
                ADDRESS,
                ADDRESS);
        finish = library.function("clFinish", JAVA_INT, ADDRESS);
    }

    private static MethodHandle transfer(SharedLibrary library, String call) {
        return library.function(
                call, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    }

    /**
     * Writes to a buffer.
     *
     * @param from off-heap memory; unless {@code wait} is true, it must not change until the queue has copied it
     */
    void write(MemorySegment queue, MemorySegment buffer, boolean wait, long at, MemorySegment from) {
        try {
            Status.check("clEnqueueWriteBuffer", (int)
                    write.invokeExact(queue, buffer, wait ? 1 : 0, at, from.byteSize(), from, 0, NONE, NONE));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /** Reads from a buffer, and waits for the result. */
    void read(MemorySegment queue, MemorySegment buffer, long at, MemorySegment to) {
        try {
            Status.check("clEnqueueReadBuffer", (int)
                    read.invokeExact(queue, buffer, 1, at, to.byteSize(), to, 0, NONE, NONE));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    void copy(MemorySegment queue, MemorySegment from, long fromByte, MemorySegment to, long toByte, long bytes) {
        try {
            Status.check("clEnqueueCopyBuffer", (int)
                    copy.invokeExact(queue, from, to, fromByte, toByte, bytes, 0, NONE, NONE));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    void fill(MemorySegment queue, MemorySegment buffer, MemorySegment pattern, long at, long bytes) {
        try {
            Status.check("clEnqueueFillBuffer", (int)
                    fill.invokeExact(queue, buffer, pattern, pattern.byteSize(), at, bytes, 0, NONE, NONE));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    void setArgument(MemorySegment kernel, int index, MemorySegment value) {
        try {
            Status.check("clSetKernelArg", (int) setArgument.invokeExact(kernel, index, value.byteSize(), value));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    /**
     * Enqueues a kernel.
     *
     * @param items total number of items, two longs
     * @param group number of items per work-group, two longs
     */
    void run(MemorySegment queue, MemorySegment kernel, MemorySegment items, MemorySegment group) {
        try {
            Status.check("clEnqueueNDRangeKernel", (int)
                    run.invokeExact(queue, kernel, 2, NONE, items, group, 0, NONE, NONE));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    void finish(MemorySegment queue) {
        try {
            Status.check("clFinish", (int) finish.invokeExact(queue));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }
}
