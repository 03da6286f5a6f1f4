package sparrow.gpu.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Grid;
import sparrow.gpu.device.Kernel;
import sparrow.gpu.device.Queue;

/**
 * A {@code cl_command_queue} that keeps its order. What is written is first copied to staging memory, from which the driver
 * takes it when it comes to it; the memory is used again after the next wait.
 */
final class OpenClQueue implements Queue {
    /** Staging memory; what is larger waits instead. */
    static final int STAGING = 1 << 20;

    private static final int ALIGNMENT = 64;

    private final OpenClDevice device;
    private final Commands commands;
    private final MemorySegment address;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment staging = arena.allocate(STAGING, ALIGNMENT);
    private final MemorySegment zero = arena.allocate(1);
    private final MemorySegment items = arena.allocate(JAVA_LONG, 2);
    private final MemorySegment group = arena.allocate(JAVA_LONG, 2);
    private final MemorySegment pointer = arena.allocate(ADDRESS);
    private final MemorySegment number = arena.allocate(JAVA_INT);
    private long staged;

    OpenClQueue(OpenClDevice device, Commands commands, MemorySegment address) {
        this.device = device;
        this.commands = commands;
        this.address = address;
    }

    MemorySegment address() {
        return address;
    }

    @Override
    public void write(Buffer to, long at, MemorySegment from) {
        synchronized (device) {
            MemorySegment buffer = memory(to, at, from.byteSize());
            long bytes = from.byteSize();
            if (bytes == 0) return;
            if (bytes > STAGING && from.isNative()) {
                commands.write(address, buffer, true, at, from);
                staged = 0;
                return;
            }
            for (long done = 0; done < bytes; done += STAGING) {
                MemorySegment piece = from.asSlice(done, Math.min(STAGING, bytes - done));
                commands.write(address, buffer, false, at + done, stage(piece));
            }
        }
    }

    /** A copy that stays as it is until the next wait. */
    private MemorySegment stage(MemorySegment from) {
        if (staged + from.byteSize() > STAGING) drain();
        MemorySegment copy = staging.asSlice(staged, from.byteSize()).copyFrom(from);
        staged = Math.ceilDiv(staged + from.byteSize(), ALIGNMENT) * ALIGNMENT;
        return copy;
    }

    @Override
    public void read(Buffer from, long at, MemorySegment to) {
        synchronized (device) {
            MemorySegment buffer = memory(from, at, to.byteSize());
            if (to.isReadOnly())
                throw new IllegalArgumentException("expected memory that can be written, got read-only");
            if (to.byteSize() == 0) {
                drain();
            } else if (to.isNative()) {
                commands.read(address, buffer, at, to);
            } else {
                try (Arena heap = Arena.ofConfined()) {
                    MemorySegment copy = heap.allocate(to.byteSize(), ALIGNMENT);
                    commands.read(address, buffer, at, copy);
                    to.copyFrom(copy);
                }
            }
            staged = 0;
        }
    }

    @Override
    public void copy(Buffer from, long fromByte, Buffer to, long toByte, long bytes) {
        synchronized (device) {
            MemorySegment source = memory(from, fromByte, bytes);
            MemorySegment target = memory(to, toByte, bytes);
            if (from == to && Math.abs(fromByte - toByte) < bytes) {
                throw new IllegalArgumentException("copy of " + bytes + " bytes from " + fromByte + " to " + toByte
                        + " of one buffer: expected no overlap");
            }
            if (bytes > 0) commands.copy(address, source, fromByte, target, toByte, bytes);
        }
    }

    @Override
    public void clear(Buffer buffer, long at, long bytes) {
        synchronized (device) {
            MemorySegment memory = memory(buffer, at, bytes);
            if (bytes > 0) commands.fill(address, memory, zero, at, bytes);
        }
    }

    @Override
    public void run(Kernel kernel, Grid grid, Argument... arguments) {
        synchronized (device) {
            device.refuseIfClosed();
            if (!(kernel instanceof OpenClKernel own)) throw new IllegalArgumentException("a kernel of another host");
            MemorySegment function = own.address(device);
            if (arguments.length != own.arguments()) {
                throw new IllegalArgumentException("kernel " + own.name() + ": expected " + own.arguments()
                        + " arguments, got " + arguments.length);
            }
            for (int i = 0; i < arguments.length; i++) commands.setArgument(function, i, value(arguments[i]));
            items.setAtIndex(JAVA_LONG, 0, Math.multiplyExact((long) grid.columns(), grid.items()));
            items.setAtIndex(JAVA_LONG, 1, grid.rows());
            group.setAtIndex(JAVA_LONG, 0, grid.items());
            group.setAtIndex(JAVA_LONG, 1, 1);
            commands.run(address, function, items, group);
        }
    }

    /** Where the value of an argument lies; good until the next one is asked for. */
    private MemorySegment value(Argument argument) {
        switch (argument) {
            case Argument.Memory(Buffer buffer) -> {
                pointer.set(ADDRESS, 0, memory(buffer, 0, 0));
                return pointer;
            }
            case Argument.Whole(int value) -> number.set(JAVA_INT, 0, value);
            case Argument.Real(float value) -> number.set(JAVA_FLOAT, 0, value);
        }
        return number;
    }

    private MemorySegment memory(Buffer buffer, long at, long bytes) {
        device.refuseIfClosed();
        if (!(buffer instanceof OpenClBuffer own)) throw new IllegalArgumentException("a buffer of another host");
        MemorySegment memory = own.address(device);
        own.check(at, bytes);
        return memory;
    }

    @Override
    public void finish() {
        synchronized (device) {
            device.refuseIfClosed();
            drain();
        }
    }

    /** Waits, also while the device is being closed. */
    void drain() {
        commands.finish(address);
        staged = 0;
    }

    /** Gives the queue's own memory back; nothing is under way. */
    void forget() {
        arena.close();
    }
}
