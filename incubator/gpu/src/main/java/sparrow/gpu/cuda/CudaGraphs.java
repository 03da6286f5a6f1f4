package sparrow.gpu.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import sparrow.gpu.driver.Foreign;
import sparrow.gpu.driver.SharedLibrary;

/** The functions that record the work of a stream as a graph, and launch graphs. */
final class CudaGraphs {
    /** Capture mode that restricts only the capturing thread to calls that can be captured. */
    private static final int THREAD_LOCAL = 1;

    private final Answers answers;
    private final MethodHandle beginCapture;
    private final MethodHandle endCapture;
    private final MethodHandle instantiate;
    private final MethodHandle launch;

    final CudaObjects.Release destroy;
    final CudaObjects.Release destroyExecutable;

    CudaGraphs(SharedLibrary library, Answers answers) {
        this.answers = answers;
        beginCapture = library.function("cuStreamBeginCapture_v2", JAVA_INT, ADDRESS, JAVA_INT);
        endCapture = library.function("cuStreamEndCapture", JAVA_INT, ADDRESS, ADDRESS);
        instantiate = library.function("cuGraphInstantiateWithFlags", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
        launch = library.function("cuGraphLaunch", JAVA_INT, ADDRESS, ADDRESS);
        destroy = new CudaObjects.Release(
                answers, "cuGraphDestroy", library.function("cuGraphDestroy", JAVA_INT, ADDRESS));
        destroyExecutable = new CudaObjects.Release(
                answers, "cuGraphExecDestroy", library.function("cuGraphExecDestroy", JAVA_INT, ADDRESS));
    }

    /**
     * Returns a graph of the work added to a stream.
     *
     * @param work function that adds work to the stream, which records the work without running it
     */
    MemorySegment capture(MemorySegment stream, Runnable work) {
        try {
            answers.check("cuStreamBeginCapture", (int) beginCapture.invokeExact(stream, THREAD_LOCAL));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
        try {
            work.run();
        } catch (RuntimeException e) {
            // The stream must not remain in capture mode.
            try {
                destroy.of(end(stream));
            } catch (RuntimeException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        return end(stream);
    }

    private MemorySegment end(MemorySegment stream) {
        return made("cuStreamEndCapture", to -> (int) endCapture.invokeExact(stream, to));
    }

    /** Returns the executable form of a graph. Afterwards, the graph is no longer needed. */
    MemorySegment executable(MemorySegment graph) {
        return made("cuGraphInstantiate", to -> (int) instantiate.invokeExact(to, graph, 0L));
    }

    private interface Creation {
        int create(MemorySegment to) throws Throwable;
    }

    private MemorySegment made(String call, Creation creation) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(ADDRESS);
            answers.check(call, creation.create(to));
            return to.get(ADDRESS, 0);
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }

    void launch(MemorySegment executable, MemorySegment stream) {
        try {
            answers.check("cuGraphLaunch", (int) launch.invokeExact(executable, stream));
        } catch (Throwable e) {
            throw Foreign.unexpected(e);
        }
    }
}
