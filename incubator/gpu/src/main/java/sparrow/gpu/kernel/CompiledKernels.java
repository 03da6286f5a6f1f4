package sparrow.gpu.kernel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Grid;
import sparrow.gpu.device.Kernel;
import sparrow.gpu.device.Program;

/** The compiled kernels of a program, by name. */
final class CompiledKernels implements AutoCloseable {
    private final Device device;
    private final Program program;
    private final Map<String, Kernel> kernels = new HashMap<>();

    private CompiledKernels(Device device, Program program) {
        this.device = device;
        this.program = program;
    }

    /**
     * Compiles the kernels with the given names.
     *
     * @param what name of the kernels in messages
     * @throws sparrow.gpu.device.DeviceException if the driver cannot compile them
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
