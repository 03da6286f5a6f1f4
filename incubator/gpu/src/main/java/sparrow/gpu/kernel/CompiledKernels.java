package sparrow.gpu.kernel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Grid;
import sparrow.gpu.device.Kernel;
import sparrow.gpu.device.Program;

/** The kernels of a text, by their names. */
final class CompiledKernels implements AutoCloseable {
    private final Device device;
    private final Program program;
    private final Map<String, Kernel> kernels = new HashMap<>();

    private CompiledKernels(Device device, Program program) {
        this.device = device;
        this.program = program;
    }

    /**
     * Compiles them.
     *
     * @param what their name, for messages
     * @throws sparrow.gpu.device.DeviceException if the driver cannot
     */
    static CompiledKernels build(Device device, String what, String text, List<String> names) {
        CompiledKernels built = new CompiledKernels(device, device.build(what, text));
        try {
            for (String name : names) built.kernels.put(name, built.program.kernel(name));
            return built;
        } catch (RuntimeException e) {
            built.close();
            throw e;
        }
    }

    Device device() {
        return device;
    }

    void run(String kernel, Grid grid, Argument... arguments) {
        device.queue().run(kernels.get(kernel), grid, arguments);
    }

    @Override
    public void close() {
        kernels.values().forEach(Kernel::close);
        program.close();
    }
}
