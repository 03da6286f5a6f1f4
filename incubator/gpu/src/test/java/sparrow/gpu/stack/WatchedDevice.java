package sparrow.gpu.stack;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import sparrow.engine.device.DeviceInfo;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.device.DeviceUse;
import sparrow.gpu.device.Grid;
import sparrow.gpu.device.Kernel;
import sparrow.gpu.device.Language;
import sparrow.gpu.device.NoMemoryException;
import sparrow.gpu.device.Program;
import sparrow.gpu.device.Queue;
import sparrow.gpu.device.Recording;

/** A device that counts what is asked of it, and that can be made to have less memory, or to fail. */
final class WatchedDevice implements Device {
    private final Device device;
    private final WatchedQueue queue;
    private long largestBytes;
    private long memory = Long.MAX_VALUE;
    private long allocated;
    private boolean lost;
    private boolean closed;
    private int waits;
    private int launches;

    WatchedDevice(Device device) {
        this.device = device;
        this.queue = new WatchedQueue(device.queue());
        this.largestBytes = device.info().largestBytes();
    }

    /** It allocates no more than so many bytes at once. */
    WatchedDevice withLargest(long bytes) {
        largestBytes = bytes;
        return this;
    }

    /** It has no more memory than what is allocated, and so many bytes. */
    void leave(long bytes) {
        memory = allocated + bytes;
    }

    /** From now on whoever waits for it fails. */
    void lose() {
        lost = true;
    }

    /** How often somebody waited. */
    int waits() {
        return waits;
    }

    int launches() {
        return launches;
    }

    boolean isClosed() {
        return closed;
    }

    long allocated() {
        return allocated;
    }

    private void waitFor() {
        waits++;
        if (lost) throw new DeviceException("Test: wait failed: GONE (-1)");
    }

    @Override
    public DeviceInfo info() {
        DeviceInfo info = device.info();
        return new DeviceInfo(
                info.id(),
                "Test device",
                info.vendor(),
                info.kind(),
                info.memoryBytes(),
                largestBytes,
                info.computeUnits(),
                info.host(),
                info.driver());
    }

    @Override
    public Language language() {
        return device.language();
    }

    @Override
    public boolean subgroupsOf(int items) {
        return device.subgroupsOf(items);
    }

    @Override
    public boolean multipliesBf16() {
        return device.multipliesBf16();
    }

    @Override
    public int largestGroup() {
        return device.largestGroup();
    }

    @Override
    public synchronized Buffer allocate(long bytes) {
        if (bytes > largestBytes) throw new IllegalArgumentException("Test device: too large: " + bytes);
        if (allocated + bytes > memory) throw new NoMemoryException("Test: allocation failed: FULL (-4)");
        allocated += bytes;
        return new WatchedBuffer(device.allocate(bytes));
    }

    private final class WatchedBuffer implements Buffer {
        private final Buffer buffer;
        private boolean open = true;

        WatchedBuffer(Buffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public long bytes() {
            return buffer.bytes();
        }

        @Override
        public void close() {
            synchronized (WatchedDevice.this) {
                if (open) allocated -= bytes();
                open = false;
            }
            buffer.close();
        }
    }

    @Override
    public Program build(String name, String text) {
        return device.build(name, text);
    }

    @Override
    public Queue queue() {
        return queue;
    }

    @Override
    public int openObjects() {
        return device.openObjects();
    }

    @Override
    public void close() {
        closed = true;
        device.close();
        if (lost) throw new DeviceException("Test: release failed: GONE (-1)");
    }

    private final class WatchedQueue implements Queue {
        private final Queue queue;

        WatchedQueue(Queue queue) {
            this.queue = queue;
        }

        private static Buffer its(Buffer buffer) {
            return ((WatchedBuffer) buffer).buffer;
        }

        @Override
        public void write(Buffer to, long at, MemorySegment from) {
            queue.write(its(to), at, from);
        }

        @Override
        public void read(Buffer from, long at, MemorySegment to) {
            waitFor();
            queue.read(its(from), at, to);
        }

        @Override
        public void copy(Buffer from, long fromByte, Buffer to, long toByte, long bytes) {
            queue.copy(its(from), fromByte, its(to), toByte, bytes);
        }

        @Override
        public void clear(Buffer buffer, long at, long bytes) {
            queue.clear(its(buffer), at, bytes);
        }

        @Override
        public void run(Kernel kernel, Grid grid, Argument... arguments) {
            launches++;
            queue.run(
                    kernel,
                    grid,
                    Arrays.stream(arguments)
                            .map(argument -> argument instanceof Argument.Memory(Buffer buffer)
                                    ? Argument.of(its(buffer))
                                    : argument)
                            .toArray(Argument[]::new));
        }

        /** What is recorded is launched each time that it is repeated. */
        @Override
        public Recording record(Runnable recorded) {
            int before = launches;
            Recording recording = queue.record(recorded);
            int count = launches - before;
            launches = before;
            return new Recording() {
                @Override
                public void run() {
                    launches += count;
                    recording.run();
                }

                @Override
                public boolean stale() {
                    return recording.stale();
                }

                @Override
                public void close() {
                    recording.close();
                }
            };
        }

        @Override
        public void finish() {
            waitFor();
            queue.finish();
        }

        @Override
        public DeviceUse use() {
            return queue.use();
        }
    }
}
