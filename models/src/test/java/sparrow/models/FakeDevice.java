package sparrow.models;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceInfo.Kind;
import sparrow.engine.device.DeviceStack;
import sparrow.engine.device.LostDeviceException;
import sparrow.engine.transformer.LayerStack;
import sparrow.speech.vocode.FlowSettings;
import sparrow.tensor.kernel.Kernels;

/** A device of tests, whose layers this machine's threads compute, until it is lost. */
public final class FakeDevice {
    private static final DeviceInfo CARD =
            new DeviceInfo("fake:0", "Card 9", "Cards Inc.", Kind.GPU, 1L << 40, 1L << 40, 64, "OpenCL 3.0", "1.2");

    private FakeDevice() {}

    /** The bundled model, whose device is lost after so many passes. */
    public static SpokenModel holding(Kernels kernels, int passes) throws IOException {
        AtomicInteger made = new AtomicInteger();
        return failing(
                kernels, () -> made.incrementAndGet() > passes ? new LostDeviceException(CARD, "unplugged") : null);
    }

    /**
     * The bundled model, whose device may fail.
     *
     * @param failure of the next pass; null if it is made
     */
    public static SpokenModel failing(Kernels kernels, Supplier<Throwable> failure) throws IOException {
        return SpokenModels.bundled(
                new OpenOptions(
                        Optional.empty(),
                        Optional.empty(),
                        FlowSettings.PUBLISHED,
                        Optional.of(transformer -> Optional.of(stack(transformer.stack(), failure)))),
                kernels);
    }

    private static DeviceStack stack(LayerStack host, Supplier<Throwable> failure) {
        return (DeviceStack) Proxy.newProxyInstance(
                FakeDevice.class.getClassLoader(),
                new Class<?>[] {DeviceStack.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "decoding" -> self;
                    case "device" -> CARD;
                    case "describe" -> CARD.label();
                    case "run" -> {
                        Throwable thrown = failure.get();
                        if (thrown != null) throw thrown;
                        yield method.invoke(host, arguments);
                    }
                    default -> method.invoke(host, arguments);
                });
    }
}
