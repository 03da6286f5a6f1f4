package sparrow.gpu.stack;

import sparrow.engine.device.DeviceInfo;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Language;
import sparrow.gpu.device.NoMemoryException;
import sparrow.gpu.device.Program;
import sparrow.gpu.device.Queue;

/**
 * A device that, if it has no free memory, waits for unreachable objects to be collected.
 *
 * @param device the device that allocates memory
 */
record PatientDevice(Device device) implements Device {
    @Override
    public Buffer allocate(long bytes) {
        try {
            return device.allocate(bytes);
        } catch (NoMemoryException e) {
            Buffer[] found = new Buffer[1];
            if (ReleaseQueue.collectUntil(() -> tryTo(bytes, found))) return found[0];
            throw new NoMemoryException(
                    info().name() + " has no memory for another " + bytes + " bytes: " + e.getMessage());
        }
    }

    private boolean tryTo(long bytes, Buffer[] found) {
        try {
            found[0] = device.allocate(bytes);
            return true;
        } catch (NoMemoryException e) {
            return false;
        }
    }

    @Override
    public DeviceInfo info() {
        return device.info();
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
    public Program build(String name, String text) {
        return device.build(name, text);
    }

    @Override
    public Queue queue() {
        return device.queue();
    }

    @Override
    public int openObjects() {
        return device.openObjects();
    }

    @Override
    public void close() {
        device.close();
    }
}
