package sparrow.gpu;

import java.util.List;
import java.util.Optional;
import sparrow.engine.kernel.LinearOffload;
import sparrow.engine.transformer.DeviceFacts;
import sparrow.engine.transformer.DeviceFacts.Kind;
import sparrow.engine.transformer.DeviceMeter;
import sparrow.engine.transformer.DeviceProvider;
import sparrow.engine.transformer.LayerStack;
import sparrow.engine.transformer.Transformer;
import sparrow.gpu.meter.OpenMeter;
import sparrow.gpu.offload.DeviceOffload;
import sparrow.gpu.opencl.OpenCl;
import sparrow.gpu.stack.DeviceStack;

/** Finds devices of every host; the service that this module provides. A card that two hosts know is listed twice. */
public final class GpuProvider implements DeviceProvider {
    @Override
    public List<DeviceFacts> devices() {
        return Hosts.load().devices();
    }

    @Override
    public LayerStack open(DeviceFacts device, Transformer transformer) {
        return DeviceStack.open(Hosts.load().open(device), transformer);
    }

    @Override
    public Optional<LinearOffload> offload(DeviceFacts device, long room) {
        boolean worthTrying = device.kind() != Kind.CPU && room >= DeviceOffload.LEAST_ROOM;
        return worthTrying ? Optional.of(DeviceOffload.open(Hosts.load().open(device), room)) : Optional.empty();
    }

    @Override
    public Optional<DeviceMeter> meter(DeviceFacts device, long bytes) {
        return Optional.of(OpenMeter.open(Hosts.load().open(device), bytes));
    }

    @Override
    public String noGpu(List<DeviceFacts> found) {
        return OpenCl.noGpu(found.stream().map(DeviceFacts::name).toList());
    }
}
