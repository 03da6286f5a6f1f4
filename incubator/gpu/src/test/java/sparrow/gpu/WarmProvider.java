package sparrow.gpu;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceProvider;
import sparrow.engine.device.DeviceStack;
import sparrow.engine.transformer.Transformer;
import sparrow.gpu.stack.GpuStack;

/**
 * Devices as they are; but where all models of a run go to one, which are hundreds of small ones, it is opened once and compiles
 * each program once. Everything else belongs to the model that asked for it, and is closed with it.
 */
public final class WarmProvider implements DeviceProvider {
    private static final Map<DeviceInfo, WarmPrograms> OPEN = new HashMap<>();

    private final GpuProvider provider = new GpuProvider();

    @Override
    public List<DeviceInfo> devices() {
        return provider.devices();
    }

    @Override
    public String noGpu(List<DeviceInfo> found) {
        return provider.noGpu(found);
    }

    @Override
    public DeviceStack open(DeviceInfo device, Transformer transformer) {
        boolean all = System.getProperty("sparrow.device") != null;
        return all ? GpuStack.open(new WarmDevice(warm(device)), transformer) : provider.open(device, transformer);
    }

    private static WarmPrograms warm(DeviceInfo device) {
        synchronized (OPEN) {
            return OPEN.computeIfAbsent(
                    device, info -> new WarmPrograms(Hosts.load().open(info)));
        }
    }
}
