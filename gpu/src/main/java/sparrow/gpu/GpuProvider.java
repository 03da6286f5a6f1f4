package sparrow.gpu.opencl;

import java.util.List;
import sparrow.engine.transformer.DeviceFacts;
import sparrow.engine.transformer.DeviceProvider;
import sparrow.engine.transformer.LayerStack;
import sparrow.engine.transformer.Transformer;
import sparrow.gpu.stack.DeviceStack;

/** Finds devices of OpenCL; the service that this module provides. */
public final class OpenClProvider implements DeviceProvider {
    @Override
    public List<DeviceFacts> devices() {
        return OpenCl.load().devices();
    }

    @Override
    public LayerStack open(DeviceFacts device, Transformer transformer) {
        return DeviceStack.open(OpenCl.load().open(device), transformer);
    }

    @Override
    public String noGpu(List<DeviceFacts> found) {
        return OpenCl.noGpu(found.stream().map(DeviceFacts::name).toList());
    }
}
