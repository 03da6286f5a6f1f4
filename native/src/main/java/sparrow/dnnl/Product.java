package sparrow.dnnl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SequencedMap;
import java.util.TreeMap;
import sparrow.engine.kernel.MatrixProvider;

/**
 * The product of one shape: code that the library generated for it, which several threads may run at a time, each with
 * arguments of its own.
 */
final class Product {
    private final Dnnl dnnl;
    private final Scratchpads scratchpads;
    private final MatrixProvider.Shape shape;
    private final MemorySegment source;
    private final MemorySegment weights;
    private final MemorySegment destination;
    private final MemorySegment description;
    private final MemorySegment primitive;

    /** Arguments that no thread uses at the moment. */
    private final Deque<Arguments> idle = new ArrayDeque<>();

    Product(Dnnl dnnl, MatrixProvider.Shape shape, Scratchpads scratchpads) {
        this.dnnl = dnnl;
        this.scratchpads = scratchpads;
        this.shape = shape;
        source = dnnl.matrix(Dnnl.BF16, shape.rows(), shape.columns(), shape.columns(), 1);
        weights = switch (shape.layout()) {
            case PAIRS -> dnnl.pairs(shape.columns(), shape.outputs());
            case ROWS -> dnnl.matrix(Dnnl.BF16, shape.columns(), shape.outputs(), 1, shape.stride());
        };
        destination = dnnl.matrix(Dnnl.F32, shape.rows(), shape.outputs(), shape.outputs(), 1);
        description = dnnl.describeProduct(source, weights, destination);
        primitive = dnnl.primitive(description);
    }

    MatrixProvider.Shape shape() {
        return shape;
    }

    /** Adds x times w to y. */
    void run(MemorySegment x, MemorySegment w, MemorySegment y) {
        expect("x", x, dnnl.bytes(source));
        expect("w", w, dnnl.bytes(weights));
        expect("y", y, dnnl.bytes(destination));
        Arguments arguments = take();
        try {
            arguments.run(x, w, y);
        } finally {
            release(arguments);
        }
    }

    private void expect(String what, MemorySegment memory, long bytes) {
        if (!memory.isNative() || memory.byteSize() < bytes) {
            throw new IllegalArgumentException(shape + ": expected " + bytes + " bytes of " + what
                    + " outside of the heap, got " + memory.byteSize() + (memory.isNative() ? "" : " inside"));
        }
    }

    private Arguments take() {
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

    /** Frees everything; no thread may run it any more. */
    void destroy() {
        idle.forEach(Arguments::destroy);
        dnnl.destroyPrimitive(primitive);
        dnnl.destroyDescriptionOfProduct(description);
        dnnl.destroyMatrix(source);
        dnnl.destroyMatrix(weights);
        dnnl.destroyMatrix(destination);
    }

    /** What one thread at a time runs the code on. */
    private final class Arguments {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment x = dnnl.memory(source);
        private final MemorySegment w = dnnl.memory(weights);
        private final MemorySegment y = dnnl.memory(destination);
        private final MemorySegment scratch = dnnl.memory(dnnl.scratchpad(description));
        private final MemorySegment list;

        Arguments() {
            SequencedMap<Integer, MemorySegment> memories = new TreeMap<>();
            memories.put(Dnnl.SOURCE, x);
            memories.put(Dnnl.WEIGHTS, w);
            memories.put(Dnnl.DESTINATION, y);
            memories.put(Dnnl.SCRATCHPAD, scratch);
            list = Dnnl.arguments(arena, memories);
        }

        void run(MemorySegment inputs, MemorySegment matrix, MemorySegment sums) {
            dnnl.point(x, inputs);
            dnnl.point(w, matrix);
            dnnl.point(y, sums);
            MemorySegment some = scratchpads.take(dnnl.bytes(dnnl.scratchpad(description)));
            try {
                dnnl.point(scratch, some);
                dnnl.execute(primitive, list);
            } finally {
                scratchpads.release(some);
            }
            // The library has their addresses alone.
            Reference.reachabilityFence(inputs);
            Reference.reachabilityFence(matrix);
            Reference.reachabilityFence(sums);
        }

        void destroy() {
            dnnl.destroyMemory(x);
            dnnl.destroyMemory(w);
            dnnl.destroyMemory(y);
            dnnl.destroyMemory(scratch);
            arena.close();
        }
    }
}
