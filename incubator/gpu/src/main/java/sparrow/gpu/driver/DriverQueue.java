package sparrow.gpu.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.DeviceUse;
import sparrow.gpu.device.Grid;
import sparrow.gpu.device.Kernel;
import sparrow.gpu.device.Queue;
import sparrow.gpu.device.Recording;

/**
 * An in-order queue. Writes use staging memory, except for large off-heap segments. The driver copies staged bytes
 * asynchronously; staging memory is reused after the next wait.
 */
final class DriverQueue implements Queue {
    private static final int ALIGNMENT = 64;

    /** Maximum number of arguments per launch, more than any kernel has. */
    private static final int MAX_ARGUMENTS = 256;

    private final DriverDevice device;
    private final Driver driver;
    private final MemorySegment staging;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment values = arena.allocate(ADDRESS, MAX_ARGUMENTS);
    private long staged;
    private long launchCount;
    private long waitCount;

    /** Launches recorded so far, or null if launches are not being recorded. */
    private List<DriverRecording.Launch> recorded;

    DriverQueue(DriverDevice device) {
        this.device = device;
        this.driver = device.driver();
        this.staging = driver.staging();
    }

    @Override
    public void write(Buffer to, long at, MemorySegment from) {
        synchronized (device) {
            enter();
            MemorySegment buffer = memory(to, at, from.byteSize());
            long bytes = from.byteSize();
            if (bytes == 0) return;
            if (bytes > Driver.STAGING && from.isNative()) {
                driver.write(buffer, at, from, true);
                waited();
                return;
            }
            for (long done = 0; done < bytes; done += Driver.STAGING) {
                MemorySegment piece = from.asSlice(done, Math.min(Driver.STAGING, bytes - done));
                MemorySegment copy = stage(piece.byteSize());
                Copies.out(piece, copy);
                driver.write(buffer, at + done, copy, false);
            }
        }
    }

    /** Returns a part of the staging memory, reserved until the next wait. */
    private MemorySegment stage(long bytes) {
        if (staged + bytes > Driver.STAGING) drain();
        MemorySegment piece = staging.asSlice(staged, bytes);
        staged = Math.ceilDiv(staged + bytes, ALIGNMENT) * ALIGNMENT;
        return piece;
    }

    @Override
    public void read(Buffer from, long at, MemorySegment to) {
        synchronized (device) {
            enter();
            MemorySegment buffer = memory(from, at, to.byteSize());
            if (to.isReadOnly())
                throw new IllegalArgumentException("expected memory that can be written, got read-only");
            long bytes = to.byteSize();
            if (bytes == 0) {
                drain();
                return;
            }
            if (bytes > Driver.STAGING && to.isNative()) {
                driver.read(buffer, at, to);
                waited();
                return;
            }
            for (long done = 0; done < bytes; done += Driver.STAGING) {
                MemorySegment piece = stage(Math.min(Driver.STAGING, bytes - done));
                driver.read(buffer, at + done, piece);
                waited();
                Copies.in(piece, to.asSlice(done, piece.byteSize()));
            }
        }
    }

    @Override
    public void copy(Buffer from, long fromByte, Buffer to, long toByte, long bytes) {
        synchronized (device) {
            enter();
            MemorySegment source = memory(from, fromByte, bytes);
            MemorySegment target = memory(to, toByte, bytes);
            if (from == to && Math.abs(fromByte - toByte) < bytes) {
                throw new IllegalArgumentException("copy of " + bytes + " bytes from " + fromByte + " to " + toByte
                        + " of one buffer: expected no overlap");
            }
            if (bytes > 0) driver.copy(source, fromByte, target, toByte, bytes);
        }
    }

    @Override
    public void clear(Buffer buffer, long at, long bytes) {
        synchronized (device) {
            enter();
            MemorySegment memory = memory(buffer, at, bytes);
            if (bytes > 0) driver.clear(memory, at, bytes);
        }
    }

    @Override
    public void run(Kernel kernel, Grid grid, Argument... arguments) {
        synchronized (device) {
            device.enter();
            if (!(kernel instanceof DriverKernel own)) throw new IllegalArgumentException("a kernel of another host");
            MemorySegment function = own.address(device);
            own.program().address(device);
            own.checkCount(arguments.length);
            List<MemorySegment> laid = lay(own, arguments);
            if (recorded == null) {
                driver.launch(function, grid, laid);
                launchCount++;
            } else {
                recorded.add(new DriverRecording.Launch(own, grid, arguments.clone()));
            }
        }
    }

    @Override
    public Recording record(Runnable launches) {
        synchronized (device) {
            enter();
            List<DriverRecording.Launch> kept = new ArrayList<>();
            recorded = kept;
            try {
                launches.run();
            } finally {
                recorded = null;
            }
            return new DriverRecording(device, this, kept, driver.graph(() -> kept.forEach(this::launch)));
        }
    }

    void run(DriverRecording recording) {
        synchronized (device) {
            enter();
            recording.address(device);
            if (recording.stale()) throw new IllegalStateException("an object used by the recording is closed");
            recording
                    .graph()
                    .ifPresentOrElse(
                            Driver.Graph::launch, () -> recording.launches().forEach(this::launch));
            launchCount += recording.launches().size();
        }
    }

    private void launch(DriverRecording.Launch launch) {
        DriverKernel kernel = launch.kernel();
        driver.launch(kernel.address(device), launch.grid(), lay(kernel, launch.arguments()));
    }

    /** Prepares the calling thread for calls to the driver. Throws an exception if launches are being recorded. */
    private void enter() {
        if (recorded != null) throw new IllegalStateException("only launches can be recorded");
        device.enter();
    }

    /** Stores argument values in memory, where they stay until the next launch. */
    private List<MemorySegment> lay(DriverKernel kernel, Argument... arguments) {
        List<MemorySegment> laid = new ArrayList<>(arguments.length);
        for (int i = 0; i < arguments.length; i++) {
            laid.add(lay(arguments[i], i));
            kernel.checkSize(i, laid.get(i).byteSize());
        }
        return laid;
    }

    /** Stores the value of an argument, and returns the memory that contains it. */
    private MemorySegment lay(Argument argument, int index) {
        long at = index * ADDRESS.byteSize();
        return switch (argument) {
            case Argument.Memory(Buffer buffer) -> {
                values.set(ADDRESS, at, memory(buffer, 0, 0));
                yield values.asSlice(at, ADDRESS);
            }
            case Argument.Whole(int value) -> {
                values.set(JAVA_INT, at, value);
                yield values.asSlice(at, JAVA_INT);
            }
            case Argument.Real(float value) -> {
                values.set(JAVA_FLOAT, at, value);
                yield values.asSlice(at, JAVA_FLOAT);
            }
        };
    }

    private MemorySegment memory(Buffer buffer, long at, long bytes) {
        if (!(buffer instanceof DriverBuffer own)) throw new IllegalArgumentException("a buffer of another host");
        MemorySegment memory = own.address(device);
        own.check(at, bytes);
        return memory;
    }

    @Override
    public void finish() {
        synchronized (device) {
            enter();
            drain();
        }
    }

    /** Waits for all work. This is allowed while the device is being closed. */
    void drain() {
        driver.finish();
        waited();
    }

    private void waited() {
        staged = 0;
        waitCount++;
    }

    @Override
    public DeviceUse use() {
        synchronized (device) {
            return new DeviceUse(launchCount, waitCount);
        }
    }

    /** Releases the queue's own memory. The queue must be idle. */
    void forget() {
        arena.close();
    }
}
