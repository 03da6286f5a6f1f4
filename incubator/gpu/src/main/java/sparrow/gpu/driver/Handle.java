package sparrow.gpu.driver;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** An object of the driver that belongs to a device and is released once. */
abstract class Handle implements AutoCloseable {
    private final DriverDevice device;
    private final String what;
    private final Consumer<MemorySegment> release;
    private MemorySegment address;

    Handle(DriverDevice device, String what, Consumer<MemorySegment> release, MemorySegment address) {
        this.device = device;
        this.what = what;
        this.release = release;
        this.address = address;
        device.opened(this);
    }

    final DriverDevice device() {
        return device;
    }

    /**
     * Returns the object's address. The device must be locked.
     *
     * @throws IllegalStateException if the object is closed
     * @throws IllegalArgumentException if the object belongs to a device other than {@code user}
     */
    final MemorySegment address(DriverDevice user) {
        if (user != device) throw new IllegalArgumentException(what + " belongs to another device");
        if (address == null) throw new IllegalStateException(what + " is closed");
        return address;
    }

    /** Returns whether the object is closed. The device must be locked. */
    final boolean isClosed() {
        return address == null;
    }

    @Override
    public final void close() {
        synchronized (device) {
            if (address == null) return;
            MemorySegment handle = address;
            address = null;
            device.closed(this);
            device.driver().enter();
            release.accept(handle);
        }
    }
}
