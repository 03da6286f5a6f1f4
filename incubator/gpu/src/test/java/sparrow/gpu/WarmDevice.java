package sparrow.gpu;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.device.DeviceInfo;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Language;
import sparrow.gpu.device.Program;
import sparrow.gpu.device.Queue;

/** A device that others use as well: what is allocated here is closed with it. */
final class WarmDevice implements Device {
    private final WarmPrograms programs;
    private final Device device;
    private final List<Buffer> buffers = new ArrayList<>();

    WarmDevice(WarmPrograms programs) {
        this.programs = programs;
        this.device = programs.device();
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
    public synchronized Buffer allocate(long bytes) {
        Buffer buffer = device.allocate(bytes);
        buffers.add(buffer);
        return buffer;
    }

    @Override
    public Program build(String name, String text) {
        return programs.of(name, text);
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
    public synchronized void close() {
        buffers.forEach(Buffer::close);
    }
}
