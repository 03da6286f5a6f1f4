package sparrow.app.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.app.options.DeviceChoice.Auto;
import sparrow.app.options.DeviceChoice.Cpu;
import sparrow.app.options.DeviceChoice.Found;
import sparrow.app.options.DeviceChoice.Gpu;
import sparrow.app.options.DeviceChoice.Named;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceInfo.Kind;
import sparrow.engine.device.DeviceProvider;
import sparrow.engine.device.DeviceStack;
import sparrow.engine.device.NoDeviceException;
import sparrow.engine.transformer.Transformer;

/** Which device is meant, and what is said where it cannot be had; the devices are those of the test. */
class DeviceChoiceTest {
    private static final DeviceInfo PROCESSOR = info("opencl:0", "Chip 7", Kind.CPU, 1L << 40);
    private static final DeviceInfo SMALL = info("opencl:1", "Card 8", Kind.GPU, 100);
    private static final DeviceInfo LARGE = info("opencl:2", "Card 9", Kind.GPU, 1L << 40);

    /** The devices of the test look at no model. */
    private static final Transformer ANY = null;

    private final List<String> told = new ArrayList<>();

    private static DeviceInfo info(String id, String name, Kind kind, long memory) {
        return new DeviceInfo(id, name, "Cards Inc.", kind, memory, memory, 64, "OpenCL 3.0", "1.2");
    }

    /** @param failure of opening one; null for none */
    private record Devices(Supplier<List<DeviceInfo>> all, String failure) implements DeviceProvider {
        static Optional<DeviceProvider> of(DeviceInfo... all) {
            return Optional.of(new Devices(() -> List.of(all), null));
        }

        static Optional<DeviceProvider> failing(RuntimeException failure) {
            return Optional.of(new Devices(
                    () -> {
                        throw failure;
                    },
                    null));
        }

        @Override
        public List<DeviceInfo> devices() {
            return all.get();
        }

        @Override
        public DeviceStack open(DeviceInfo device, Transformer transformer) {
            if (failure != null) throw new IllegalStateException(failure);
            if (device.memoryBytes() < 1000) throw new NoDeviceException(device.name() + " is too small");
            return (DeviceStack) Proxy.newProxyInstance(
                    Devices.class.getClassLoader(), new Class<?>[] {DeviceStack.class}, (_, _, _) -> device);
        }

        @Override
        public String noGpu(List<DeviceInfo> found) {
            return "no card among " + found.size();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "cpu", "gpu", "gpu:1", "opencl:0", "cuda:12"})
    void whatIsReadIsWrittenAlike(String notation) {
        assertThat(DeviceChoice.parse(notation)).hasToString(notation);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GPU", "gpu:", "gpu:-1", "gpu:1234", "opencl", "opencl:x", "cpu,gpu", "/dev/dri/card0"})
    void anythingElseIsRefused(String notation) {
        assertThatThrownBy(() -> DeviceChoice.parse(notation))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected auto, cpu, gpu, gpu:N or an id such as opencl:0, got " + notation);
    }

    @Test
    void cardsAreCountedAmongCards() {
        Optional<DeviceProvider> provider = Devices.of(PROCESSOR, SMALL, LARGE);
        assertThat(device(new Gpu(0), provider)).isEqualTo(SMALL);
        assertThat(device(new Gpu(1), provider)).isEqualTo(LARGE);
        assertThat(device(new Named("opencl:0"), provider)).isEqualTo(PROCESSOR);
        assertThat(new Cpu().find(provider)).isEmpty();
    }

    /** Two cards of one name that two hosts list are two, not four. */
    @Test
    void aCardThatTwoHostsListIsCountedOnce() {
        DeviceInfo first = info("cuda:0", "Card", Kind.GPU, 1);
        DeviceInfo second = info("cuda:1", "Card", Kind.GPU, 1);
        DeviceInfo other = info("opencl:2", "Another card", Kind.GPU, 1);
        Optional<DeviceProvider> provider = Devices.of(
                first, second, info("opencl:0", "Card", Kind.GPU, 1), info("opencl:1", "Card", Kind.GPU, 1), other);
        assertThat(device(new Gpu(0), provider)).isEqualTo(first);
        assertThat(device(new Gpu(1), provider)).isEqualTo(second);
        assertThat(device(new Gpu(2), provider)).isEqualTo(other);
        assertRefused(new Gpu(3), provider, "gpu: expected gpu:0 to gpu:2, got gpu:3");
    }

    private static DeviceInfo device(DeviceChoice choice, Optional<DeviceProvider> provider) {
        return choice.find(provider).map(Found::device).orElseThrow();
    }

    @Test
    void aDeviceThatIsNotThereIsRefused() {
        assertRefused(new Gpu(7), Devices.of(PROCESSOR, LARGE), "gpu: expected gpu:0, got gpu:7");
        assertRefused(new Gpu(7), Devices.of(SMALL, LARGE), "gpu: expected gpu:0 to gpu:1, got gpu:7");
        assertRefused(new Gpu(0), Devices.of(PROCESSOR), "gpu: no card among 1");
        assertRefused(
                new Named("opencl:9"), Devices.of(PROCESSOR, LARGE), "gpu: expected opencl:0, opencl:2, got opencl:9");
    }

    @Test
    void soIsWhereNothingCanBeAsked() {
        assertRefused(new Gpu(0), Optional.empty(), "gpu: this build has no module gpu");
        assertRefused(new Named("opencl:0"), Optional.empty(), "gpu: this build has no module gpu");
        assertRefused(
                new Gpu(0),
                Devices.failing(new NoDeviceException("no OpenCL library (libOpenCL.so.1)")),
                "gpu: no OpenCL library (libOpenCL.so.1)");
    }

    private static void assertRefused(DeviceChoice choice, Optional<DeviceProvider> provider, String line) {
        assertThatThrownBy(() -> choice.find(provider))
                .isInstanceOf(NoDeviceException.class)
                .hasMessage(line);
    }

    @Test
    void aDriverThatFailsIsNoMatterOfWhatWasAskedFor() {
        assertThatThrownBy(() -> new Gpu(0).find(Devices.failing(new IllegalStateException("call failed: -5"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("gpu: call failed: -5");
    }

    private Optional<DeviceInfo> taken(DeviceChoice choice, Optional<DeviceProvider> provider) {
        return choice.placement(provider, told::add)
                .flatMap(placement -> placement.place(ANY))
                .map(DeviceStack::device);
    }

    @Test
    void aModelIsTakenToTheDeviceThatIsMeant() {
        assertThat(taken(new Gpu(1), Devices.of(PROCESSOR, SMALL, LARGE))).contains(LARGE);
        assertThat(taken(new Named("opencl:0"), Devices.of(PROCESSOR, SMALL))).contains(PROCESSOR);
        assertThat(taken(new Cpu(), Devices.of(LARGE))).isEmpty();
        assertThatThrownBy(() -> taken(new Gpu(0), Devices.of(SMALL)))
                .isInstanceOf(NoDeviceException.class)
                .hasMessage("gpu: Card 8 is too small");
        assertThat(told).isEmpty();
    }

    @Test
    void automaticIsTheFirstCardThatItFitsOn() {
        assertThat(taken(new Auto(), Devices.of(PROCESSOR, SMALL, LARGE))).contains(LARGE);
        assertThat(told).containsExactly("gpu: Card 8 is too small");
    }

    @Test
    void automaticIsNeverAProcessor() {
        assertThat(taken(new Auto(), Devices.of(PROCESSOR))).isEmpty();
        assertThat(told).containsExactly("gpu: no card among 1");
    }

    @Test
    void automaticFailsForNothing() {
        assertThat(taken(new Auto(), Optional.empty())).isEmpty();
        assertThat(taken(new Auto(), Devices.failing(new IllegalStateException("call failed: -5"))))
                .isEmpty();
        assertThat(taken(new Auto(), Optional.of(new Devices(() -> List.of(LARGE), "out of resources"))))
                .isEmpty();
        assertThat(told)
                .containsExactly("gpu: this build has no module gpu", "gpu: call failed: -5", "gpu: out of resources");
    }
}
