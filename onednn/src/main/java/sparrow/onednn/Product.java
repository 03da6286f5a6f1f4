package sparrow.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SequencedMap;
import java.util.TreeMap;
import sparrow.tensor.kernel.MatrixProvider;

/**
 * The library's generated code for products of one shape. Several threads may run it at the same time, each with
 * separate arguments.
 */
final class Product {
    private final OneDnn oneDnn;
    private final Scratchpads scratchpads;
    private final MatrixProvider.Shape shape;
    private final MemorySegment source;
    private final MemorySegment weights;
    private final MemorySegment destination;
    private final MemorySegment description;
    private final MemorySegment primitive;

    /** Arguments that no thread is using. */
    private final Deque<Arguments> idle = new ArrayDeque<>();

    Product(OneDnn oneDnn, MatrixProvider.Shape shape, Scratchpads scratchpads) {
        this.oneDnn = oneDnn;
        this.scratchpads = scratchpads;
        this.shape = shape;
        source = oneDnn.matrix(OneDnn.BF16, shape.rows(), shape.columns(), shape.columns(), 1);
        weights = switch (shape.layout()) {
            case PAIRS -> oneDnn.pairs(shape.columns(), shape.outputs());
            case ROWS -> oneDnn.matrix(OneDnn.BF16, shape.columns(), shape.outputs(), 1, shape.stride());
        };
        destination = oneDnn.matrix(OneDnn.F32, shape.rows(), shape.outputs(), shape.outputs(), 1);
        description = oneDnn.describeProduct(source, weights, destination);
        primitive = oneDnn.primitive(description);
    }

    MatrixProvider.Shape shape() {
        return shape;
    }

    /** Adds x times w to y. */
    void run(MemorySegment x, MemorySegment w, MemorySegment y) {
        expect("x", x, oneDnn.bytes(source));
        expect("w", w, weightBytes());
        expect("y", y, oneDnn.bytes(destination));
        Arguments arguments = acquire();
        try {
            arguments.run(x, w, y);
        } finally {
            release(arguments);
        }
    }

    /**
     * Returns the required number of weight bytes. For rows of a larger matrix, the library's size includes the gap
     * after the last row, but the matrix may end before that gap.
     */
    private long weightBytes() {
        return switch (shape.layout()) {
            case PAIRS -> oneDnn.bytes(weights);
            case ROWS -> Short.BYTES * ((shape.outputs() - 1) * shape.stride() + shape.columns());
        };
    }

    private void expect(String what, MemorySegment memory, long bytes) {
        if (!memory.isNative() || memory.byteSize() < bytes) {
            throw new IllegalArgumentException(shape + ": expected " + bytes + " bytes of " + what + " off-heap, got "
                    + memory.byteSize() + (memory.isNative() ? "" : " on-heap"));
        }
    }

    private Arguments acquire() {
        synchronized (idle) {
            if (!idle.isEmpty()) return idle.pop();
        }
        return new Arguments();
    }

    private void release(Arguments arguments) {
        synchronized (idle) {
            idle.push(arguments);
        }
    }

    /** Frees all resources. The product must not be run again. */
    void destroy() {
        idle.forEach(Arguments::destroy);
        oneDnn.destroyPrimitive(primitive);
        oneDnn.destroyDescriptionOfProduct(description);
        oneDnn.destroyMatrix(source);
        oneDnn.destroyMatrix(weights);
        oneDnn.destroyMatrix(destination);
    }

    /** Arguments for the generated code, which one thread uses at a time. */
    private final class Arguments {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment x = oneDnn.memory(source);
        private final MemorySegment w = oneDnn.memory(weights);
        private final MemorySegment y = oneDnn.memory(destination);
        private final MemorySegment scratch = oneDnn.memory(oneDnn.scratchpad(description));
        private final MemorySegment list;

        Arguments() {
            SequencedMap<Integer, MemorySegment> memories = new TreeMap<>();
            memories.put(OneDnn.SOURCE, x);
            memories.put(OneDnn.WEIGHTS, w);
            memories.put(OneDnn.DESTINATION, y);
            memories.put(OneDnn.SCRATCHPAD, scratch);
            list = OneDnn.arguments(arena, memories);
        }

        void run(MemorySegment inputs, MemorySegment matrix, MemorySegment sums) {
            oneDnn.point(x, inputs);
            oneDnn.point(w, matrix);
            oneDnn.point(y, sums);
            MemorySegment some = scratchpads.acquire(oneDnn.bytes(oneDnn.scratchpad(description)));
            try {
                oneDnn.point(scratch, some);
                oneDnn.execute(primitive, list);
            } finally {
                scratchpads.release(some);
            }
            // The library holds only the addresses of these objects.
            Reference.reachabilityFence(inputs);
            Reference.reachabilityFence(matrix);
            Reference.reachabilityFence(sums);
        }

        void destroy() {
            oneDnn.destroyMemory(x);
            oneDnn.destroyMemory(w);
            oneDnn.destroyMemory(y);
            oneDnn.destroyMemory(scratch);
            arena.close();
        }
    }
}
