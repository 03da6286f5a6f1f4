package sparrow.gpu;

import java.util.HashMap;
import java.util.Map;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Kernel;
import sparrow.gpu.device.Program;

/** Programs of a device that stay open, by their texts. */
final class WarmPrograms {
    private final Device device;
    private final Map<String, Program> programs = new HashMap<>();

    WarmPrograms(Device device) {
        this.device = device;
    }

    Device device() {
        return device;
    }

    synchronized Program of(String name, String text) {
        return programs.computeIfAbsent(text, some -> new Shared(device.build(name, some), new HashMap<>()));
    }

    /** Nobody closes it, nor its kernels. */
    private record Shared(Program program, Map<String, Kernel> kernels) implements Program {
        @Override
        public synchronized Kernel kernel(String name) {
            return kernels.computeIfAbsent(name, some -> program.kernel(some));
        }

        @Override
        public void close() {}
    }
}
