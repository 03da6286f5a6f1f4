package sparrow.gpu.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.device.Grid;
import sparrow.gpu.driver.Driver;

/**
 * The primary context of a card, with one stream. A thread must enter the context before it calls the other methods.
 */
final class CudaDriver implements Driver {
    /** Maximum number of arguments per launch, more than any kernel has. */
    private static final int MAX_ARGUMENTS = 256;

    private final Card card;
    private final CudaObjects objects;
    private final CudaCommands commands;
    private final CudaGraphs graphs;
    private final Nvrtc compiler;
    private final MemorySegment context;
    private final MemorySegment stream;
    private final MemorySegment staging;
    private final Arena arena;
    private final MemorySegment addresses;

    /** Argument sizes of the kernels in each loaded program. */
    private final Map<MemorySegment, Map<String, List<Integer>>> signatures = new HashMap<>();

    @SuppressWarnings("MustBeClosedChecker") // close() closes the arena.
    CudaDriver(Card card, CudaCalls calls) {
        this.card = card;
        objects = calls.objects();
        commands = calls.commands();
        graphs = calls.graphs();
        compiler = calls.compiler();
        context = objects.context(card.device());
        MemorySegment made = null;
        try {
            objects.use(context);
            made = objects.stream();
            staging = objects.pinned(STAGING);
            stream = made;
            arena = Arena.ofShared();
            addresses = arena.allocate(ADDRESS, MAX_ARGUMENTS);
        } catch (RuntimeException e) {
            if (made != null) objects.releaseStream.of(made);
            objects.releaseContext(card.device());
            throw e;
        }
    }

    @Override
    public void enter() {
        objects.use(context);
    }

    @Override
    public MemorySegment allocate(long bytes) {
        return objects.buffer(bytes);
    }

    @Override
    public void free(MemorySegment buffer) {
        try {
            finish();
        } finally {
            objects.free(buffer);
        }
    }

    @Override
    public MemorySegment compile(String name, String text) {
        Nvrtc.Compiled compiled = compiler.compile(name, text, card.architecture());
        MemorySegment module = objects.module(name, compiled.image());
        signatures.put(module, compiled.signatures());
        return module;
    }

    @Override
    public void unload(MemorySegment program) {
        signatures.remove(program);
        try {
            finish();
        } finally {
            objects.unload.of(program);
        }
    }

    @Override
    public Function function(MemorySegment program, String name) {
        MemorySegment function = objects.function(program, name);
        List<Integer> sizes = signatures.get(program).get(name);
        if (sizes == null) throw new DeviceException("CUDA: the compiler lists no arguments of " + name);
        return new Function(function, sizes);
    }

    @Override
    public void release(MemorySegment function) {
        // The function is released together with its program.
    }

    @Override
    public MemorySegment staging() {
        return staging;
    }

    @Override
    public void write(MemorySegment buffer, long at, MemorySegment from, boolean wait) {
        commands.write(stream, buffer.address() + at, from);
        if (wait) finish();
    }

    @Override
    public void read(MemorySegment buffer, long at, MemorySegment to) {
        commands.read(stream, buffer.address() + at, to);
        finish();
    }

    @Override
    public void copy(MemorySegment from, long fromByte, MemorySegment to, long toByte, long bytes) {
        commands.copy(stream, from.address() + fromByte, to.address() + toByte, bytes);
    }

    @Override
    public void clear(MemorySegment buffer, long at, long bytes) {
        commands.clear(stream, buffer.address() + at, bytes);
    }

    @Override
    public void launch(MemorySegment function, Grid grid, List<MemorySegment> values) {
        for (int i = 0; i < values.size(); i++) addresses.setAtIndex(ADDRESS, i, values.get(i));
        commands.launch(stream, function, grid, addresses);
    }

    /** Records launches; they are added to the graph and do not run on the card. */
    @Override
    public Optional<Graph> graph(Runnable launches) {
        MemorySegment captured = graphs.capture(stream, launches);
        MemorySegment executable;
        try {
            executable = graphs.executable(captured);
        } finally {
            graphs.destroy.of(captured);
        }
        return Optional.of(new Graph() {
            @Override
            public void launch() {
                graphs.launch(executable, stream);
            }

            @Override
            public void release() {
                try {
                    finish();
                } finally {
                    graphs.destroyExecutable.of(executable);
                }
            }
        });
    }

    @Override
    public void finish() {
        commands.finish(stream);
    }

    /**
     * Releases the stream, the memory and the context. Each release is attempted even if another release fails, because
     * all releases fail on a lost card.
     */
    @Override
    public void close() {
        arena.close();
        try {
            objects.releaseStream.of(stream);
        } finally {
            try {
                objects.freeHost.of(staging);
            } finally {
                objects.releaseContext(card.device());
            }
        }
    }
}
