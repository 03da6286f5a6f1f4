package sparrow.gpu.opencl;

import java.lang.foreign.MemorySegment;
import sparrow.gpu.device.Kernel;
import sparrow.gpu.device.Program;

/** A {@code cl_program} that is compiled. */
final class OpenClProgram extends Handle implements Program {
    private final Creations creations;

    OpenClProgram(OpenClDevice device, Creations creations, MemorySegment address, String name) {
        super(device, "program " + name, creations.releaseProgram, address);
        this.creations = creations;
    }

    @Override
    public Kernel kernel(String name) {
        synchronized (device()) {
            MemorySegment kernel = creations.kernel(address(device()), name);
            try {
                return new OpenClKernel(device(), creations.releaseKernel, kernel, name, creations.arguments(kernel));
            } catch (RuntimeException e) {
                creations.releaseKernel.of(kernel);
                throw e;
            }
        }
    }
}
