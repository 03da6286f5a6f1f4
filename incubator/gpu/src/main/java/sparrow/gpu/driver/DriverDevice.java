package sparrow.gpu.driver;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import sparrow.engine.device.DeviceInfo;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Language;
import sparrow.gpu.device.Program;
import sparrow.gpu.device.Queue;

/** A device with one queue. Its lock is held during every call of the driver. */
public final class DriverDevice implements Device {
    private final Traits traits;
    private final Driver driver;
    private final DriverQueue queue;
    private final SequencedSet<Handle> open = new LinkedHashSet<>();
    private boolean closed;

    /**
     * Creates an open device.
     *
     * @param driver driver opened for this device, closed with the device
     */
    public DriverDevice(Traits traits, Driver driver) {
        this.traits = traits;
        this.driver = driver;
        queue = new DriverQueue(this);
    }

    Driver driver() {
        return driver;
    }

    @Override
    public DeviceInfo info() {
        return traits.info();
    }

    @Override
    public Language language() {
        return traits.language();
    }

    @Override
    public boolean subgroupsOf(int items) {
        return traits.subgroups().contains(items);
    }

    @Override
    public boolean multipliesBf16() {
        return traits.multipliesBf16();
    }

    @Override
    public int largestGroup() {
        return traits.largestGroup();
    }

    @Override
    public synchronized Buffer allocate(long bytes) {
        enter();
        if (bytes < 1 || bytes > info().largestBytes()) {
            throw new IllegalArgumentException(info().name() + ": expected to allocate 1 to " + info().largestBytes()
                    + " bytes at once, got " + bytes);
        }
        return new DriverBuffer(this, driver.allocate(bytes), bytes);
    }

    @Override
    public synchronized Program build(String name, String text) {
        enter();
        return new DriverProgram(this, driver.compile(name, text), name);
    }

    @Override
    public Queue queue() {
        return queue;
    }

    @Override
    public synchronized int openObjects() {
        return open.size();
    }

    void opened(Handle handle) {
        open.add(handle);
    }

    void closed(Handle handle) {
        open.remove(handle);
    }

    /**
     * Prepares the calling thread for calls to the driver.
     *
     * @throws IllegalStateException if the device is closed
     */
    void enter() {
        if (closed) throw new IllegalStateException(info().name() + " is closed");
        driver.enter();
    }

    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        List<Runnable> steps = new ArrayList<>(List.of(driver::enter, queue::drain));
        // Handles are closed in reverse order of creation: kernels before their programs.
        for (Handle handle : open.reversed()) steps.add(handle::close);
        steps.add(driver::close);
        steps.add(queue::forget);
        runAll(steps);
    }

    /** Runs all steps even if some fail, because all of them fail on a lost device. Throws the first failure. */
    private static void runAll(List<Runnable> steps) {
        RuntimeException first = null;
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (RuntimeException e) {
                if (first == null) first = e;
                else first.addSuppressed(e);
            }
        }
        if (first != null) throw first;
    }
}
