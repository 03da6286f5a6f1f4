package sparrow.app.options;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceInfo.Kind;
import sparrow.engine.device.DeviceProvider;
import sparrow.engine.device.DeviceStack;
import sparrow.engine.device.LostDeviceException;
import sparrow.engine.device.NoDeviceException;
import sparrow.engine.transformer.LayerStack;
import sparrow.engine.transformer.Transformer;

/**
 * Devices of tests, whose layers this machine's threads compute; none of them is a graphics card. {@code fake:0} works, {@code
 * fake:1} is small, and {@code fake:2} is lost once some passes were made.
 */
public final class FakeDevices implements DeviceProvider {
    private static final int PASSES = 10;

    /** For the service loader. */
    public FakeDevices() {}

    @Override
    public List<DeviceInfo> devices() {
        return List.of(info(0), info(1), info(2));
    }

    private static DeviceInfo info(int index) {
        return new DeviceInfo(
                "fake:" + index, "Fake " + index, "Fakes Inc.", Kind.OTHER, 1L << 40, 1L << 40, 1, "Host 3.0", "1.2");
    }

    @Override
    public DeviceStack open(DeviceInfo device, Transformer transformer) {
        return switch (device.id()) {
            case "fake:0" -> stack(device, transformer.stack(), Integer.MAX_VALUE);
            case "fake:1" -> throw new NoDeviceException(device.name() + " is too small");
            default -> stack(device, transformer.stack(), PASSES);
        };
    }

    @Override
    public String noGpu(List<DeviceInfo> found) {
        return "no card among " + found.size();
    }

    private static DeviceStack stack(DeviceInfo device, LayerStack host, int most) {
        AtomicInteger passes = new AtomicInteger();
        return (DeviceStack) Proxy.newProxyInstance(
                FakeDevices.class.getClassLoader(),
                new Class<?>[] {DeviceStack.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "decoding" -> self;
                    case "device" -> device;
                    case "describe" -> device.label();
                    case "run" -> {
                        if (passes.incrementAndGet() > most) throw new LostDeviceException(device, "unplugged");
                        yield method.invoke(host, arguments);
                    }
                    default -> method.invoke(host, arguments);
                });
    }
}
