package sparrow.gpu.opencl;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import sparrow.gpu.device.Grid;
import sparrow.gpu.driver.Driver;

/** A {@code cl_context} of one device with one {@code cl_command_queue}. */
final class OpenClDriver implements Driver {
    private final MemorySegment device;
    private final Creations creations;
    private final Commands commands;
    private final MemorySegment context;
    private final MemorySegment queue;
    private final Arena arena;
    private final MemorySegment staging;
    private final MemorySegment zero;
    private final MemorySegment items;
    private final MemorySegment group;

    @SuppressWarnings("MustBeClosedChecker") // close() closes the arena.
    OpenClDriver(MemorySegment platform, MemorySegment device, Creations creations, Commands commands) {
        this.device = device;
        this.creations = creations;
        this.commands = commands;
        context = creations.context(platform, device);
        try {
            queue = creations.queue(context, device);
        } catch (RuntimeException e) {
            creations.releaseContext.of(context);
            throw e;
        }
        arena = Arena.ofShared();
        staging = arena.allocate(STAGING, 64);
        zero = arena.allocate(1);
        items = arena.allocate(JAVA_LONG, 2);
        group = arena.allocate(JAVA_LONG, 2);
    }

    @Override
    public void enter() {
        // Handles are valid on every thread.
    }

    @Override
    public MemorySegment allocate(long bytes) {
        return creations.buffer(context, bytes);
    }

    @Override
    public void free(MemorySegment buffer) {
        creations.releaseBuffer.of(buffer);
    }

    @Override
    public MemorySegment compile(String name, String text) {
        return creations.program(context, device, name, text);
    }

    @Override
    public void unload(MemorySegment program) {
        creations.releaseProgram.of(program);
    }

    @Override
    public Function function(MemorySegment program, String name) {
        MemorySegment kernel = creations.kernel(program, name);
        try {
            return new Function(kernel, Collections.nCopies(creations.arguments(kernel), 0));
        } catch (RuntimeException e) {
            release(kernel);
            throw e;
        }
    }

    @Override
    public void release(MemorySegment function) {
        creations.releaseKernel.of(function);
    }

    @Override
    public MemorySegment staging() {
        return staging;
    }

    @Override
    public void write(MemorySegment buffer, long at, MemorySegment from, boolean wait) {
        commands.write(queue, buffer, wait, at, from);
    }

    @Override
    public void read(MemorySegment buffer, long at, MemorySegment to) {
        commands.read(queue, buffer, at, to);
    }

    @Override
    public void copy(MemorySegment from, long fromByte, MemorySegment to, long toByte, long bytes) {
        commands.copy(queue, from, fromByte, to, toByte, bytes);
    }

    @Override
    public void clear(MemorySegment buffer, long at, long bytes) {
        commands.fill(queue, buffer, zero, at, bytes);
    }

    @Override
    public void launch(MemorySegment function, Grid grid, List<MemorySegment> values) {
        for (int i = 0; i < values.size(); i++) commands.setArgument(function, i, values.get(i));
        items.setAtIndex(JAVA_LONG, 0, Math.multiplyExact((long) grid.columns(), grid.items()));
        items.setAtIndex(JAVA_LONG, 1, grid.rows());
        group.setAtIndex(JAVA_LONG, 0, grid.items());
        group.setAtIndex(JAVA_LONG, 1, 1);
        commands.run(queue, function, items, group);
    }

    @Override
    public void finish() {
        commands.finish(queue);
    }

    @Override
    public void close() {
        try {
            creations.releaseQueue.of(queue);
        } finally {
            arena.close();
            creations.releaseContext.of(context);
        }
    }
}
