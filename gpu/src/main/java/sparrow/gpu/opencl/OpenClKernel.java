package sparrow.gpu.opencl;

import java.lang.foreign.MemorySegment;
import sparrow.gpu.device.Kernel;

/** A {@code cl_kernel}. */
final class OpenClKernel extends Handle implements Kernel {
    private final String name;
    private final int arguments;

    OpenClKernel(OpenClDevice device, Creations.Release release, MemorySegment address, String name, int arguments) {
        super(device, "kernel " + name, release, address);
        this.name = name;
        this.arguments = arguments;
    }

    @Override
    public String name() {
        return name;
    }

    /** How many it takes. */
    int arguments() {
        return arguments;
    }
}
