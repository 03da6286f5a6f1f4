package sparrow.gpu.driver;

import java.lang.foreign.MemorySegment;
import sparrow.gpu.device.Kernel;
import sparrow.gpu.device.Program;

final class DriverProgram extends Handle implements Program {
    DriverProgram(DriverDevice device, MemorySegment address, String name) {
        super(device, "program " + name, device.driver()::unload, address);
    }

    @Override
    public Kernel kernel(String name) {
        synchronized (device()) {
            MemorySegment program = address(device());
            device().enter();
            return new DriverKernel(this, device().driver().function(program, name), name);
        }
    }
}
