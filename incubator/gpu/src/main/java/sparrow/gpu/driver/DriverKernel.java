package sparrow.gpu.driver;

import java.util.List;
import sparrow.gpu.device.Kernel;

/** A function of a compiled program. */
final class DriverKernel extends Handle implements Kernel {
    private final DriverProgram program;
    private final List<Integer> sizes;
    private final String name;

    DriverKernel(DriverProgram program, Driver.Function function, String name) {
        super(program.device(), "kernel " + name, program.device().driver()::release, function.address());
        this.program = program;
        this.sizes = function.sizes();
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    DriverProgram program() {
        return program;
    }

    void checkCount(int arguments) {
        if (arguments == sizes.size()) return;
        throw new IllegalArgumentException(
                "kernel " + name + ": expected " + sizes.size() + " arguments, got " + arguments);
    }

    /** Checks the size of an argument, unless the driver checks it. */
    void checkSize(int argument, long bytes) {
        int expected = sizes.get(argument);
        if (expected == 0 || expected == bytes) return;
        throw new IllegalArgumentException("kernel " + name + ": expected argument " + (argument + 1) + " of "
                + expected + " bytes, got " + bytes);
    }
}
