package sparrow.models;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceInfo.Kind;
import sparrow.engine.device.DeviceStack;
import sparrow.engine.device.LostDeviceException;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.transformer.LayerStack;
import sparrow.speech.vocode.FlowSettings;

/** A device of tests, whose layers this machine's threads compute, until it is lost. */
public final class FakeDevice {
    private static final DeviceInfo CARD =
            new DeviceInfo("fake:0", "Card 9", "Cards Inc.", Kind.GPU, 1L << 40, 1L << 40, 64, "OpenCL 3.0", "1.2");

    private FakeDevice() {}

    /** The bundled model, whose device is lost after so many passes. */
    public static SpokenModel holding(Kernels kernels, int passes) throws IOException {
        return SpokenModels.bundled(
                new OpenOptions(
                        Optional.empty(),
                        Optional.empty(),
                        FlowSettings.PUBLISHED,
                        Optional.of(transformer -> Optional.of(lost(transformer.stack(), passes)))),
                kernels);
    }

    private static DeviceStack lost(LayerStack host, int most) {
        AtomicInteger passes = new AtomicInteger();
        return (DeviceStack) Proxy.newProxyInstance(
                FakeDevice.class.getClassLoader(),
                new Class<?>[] {DeviceStack.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "device" -> CARD;
                    case "describe" -> CARD.label();
                    case "run" -> {
                        if (passes.incrementAndGet() > most) throw new LostDeviceException(CARD, "unplugged");
                        yield method.invoke(host, arguments);
                    }
                    default -> method.invoke(host, arguments);
                });
    }
}
