package sparrow.gpu;

import java.util.List;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceProvider;
import sparrow.engine.device.DeviceStack;
import sparrow.engine.device.NoDeviceException;
import sparrow.engine.transformer.Transformer;
import sparrow.gpu.opencl.OpenCl;
import sparrow.gpu.stack.DeviceNeed;
import sparrow.gpu.stack.GpuStack;
import sparrow.tensor.kernel.KvFormat;

/** Finds the devices of every host. A card that two hosts support is listed twice. */
public final class GpuProvider implements DeviceProvider {
    @Override
    public List<DeviceInfo> devices() {
        return Hosts.load().devices();
    }

    @Override
    public DeviceStack open(DeviceInfo device, Transformer transformer) {
        KvFormat format = transformer.kernels().kvFormat();
        if (format != KvFormat.F32) {
            throw new NoDeviceException("keys and values are kept as f32 on a device, got " + format);
        }
        DeviceNeed.of(transformer).require(device);
        return GpuStack.open(Hosts.load().open(device), transformer);
    }

    @Override
    public String noGpu(List<DeviceInfo> found) {
        return OpenCl.noGpu(found.stream().map(DeviceInfo::name).toList());
    }
}
