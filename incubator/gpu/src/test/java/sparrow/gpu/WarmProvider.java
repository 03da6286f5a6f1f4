package sparrow.gpu;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sparrow.engine.kernel.LinearOffload;
import sparrow.engine.transformer.DeviceChoice;
import sparrow.engine.transformer.DeviceFacts;
import sparrow.engine.transformer.DeviceMeter;
import sparrow.engine.transformer.DeviceProvider;
import sparrow.engine.transformer.LayerStack;
import sparrow.engine.transformer.Transformer;
import sparrow.gpu.stack.DeviceStack;

/**
 * Devices as they are; but where all models of a run go to one, which are hundreds of small ones, it is opened once and compiles
 * each program once. Everything else belongs to the model that asked for it, and is closed with it.
 */
public final class WarmProvider implements DeviceProvider {
    private static final Map<DeviceFacts, WarmPrograms> OPEN = new HashMap<>();

    private final GpuProvider provider = new GpuProvider();

    @Override
    public List<DeviceFacts> devices() {
        return provider.devices();
    }

    @Override
    public String noGpu(List<DeviceFacts> found) {
        return provider.noGpu(found);
    }

    @Override
    public LayerStack open(DeviceFacts device, Transformer transformer) {
        boolean all = !(DeviceChoice.preferred() instanceof DeviceChoice.Cpu);
        return all ? DeviceStack.open(new WarmDevice(warm(device)), transformer) : provider.open(device, transformer);
    }

    @Override
    public Optional<LinearOffload> offload(DeviceFacts device, long room) {
        return provider.offload(device, room);
    }

    @Override
    public Optional<DeviceMeter> meter(DeviceFacts device, long bytes) {
        return provider.meter(device, bytes);
    }

    private static WarmPrograms warm(DeviceFacts device) {
        synchronized (OPEN) {
            return OPEN.computeIfAbsent(
                    device, facts -> new WarmPrograms(Hosts.load().open(facts)));
        }
    }
}
