package sparrow.engine.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.Machine;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.transformer.DeviceChoice.Auto;
import sparrow.engine.transformer.DeviceChoice.Cpu;
import sparrow.engine.transformer.DeviceChoice.Found;
import sparrow.engine.transformer.DeviceChoice.Gpu;
import sparrow.engine.transformer.DeviceChoice.Named;
import sparrow.engine.transformer.DeviceFacts.Kind;

/** Which device is meant, and what is said where it cannot be had; the devices are those of the test. */
class DeviceChoiceTest {
    private static final DeviceFacts PROCESSOR = facts("opencl:0", "Chip 7", Kind.CPU, 1L << 40);
    private static final DeviceFacts SMALL = facts("opencl:1", "Card 8", Kind.GPU, 100);
    private static final DeviceFacts LARGE = facts("opencl:2", "Card 9", Kind.GPU, 1L << 40);

    @RegisterExtension
    private final Machine machine = new Machine(1);

    private final List<String> told = new ArrayList<>();
    private final DeviceChoice auto = new Auto(told::add);

    private static DeviceFacts facts(String id, String name, Kind kind, long memory) {
        return new DeviceFacts(id, name, "Cards Inc.", kind, memory, memory, 64, "OpenCL 3.0", "1.2");
    }

    private record Devices(Supplier<List<DeviceFacts>> all, String failure) implements DeviceProvider {
        static Optional<DeviceProvider> of(DeviceFacts... all) {
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
        public List<DeviceFacts> devices() {
            return all.get();
        }

        @Override
        public LayerStack open(DeviceFacts device, Transformer transformer) {
            if (failure != null) throw new IllegalStateException(failure);
            return transformer.stack();
        }

        @Override
        public String noGpu(List<DeviceFacts> found) {
            return "no card among " + found.size();
        }
    }

    private Transformer transformer() {
        Kernels kernels = machine.kernels();
        Linear square = new Linear(kernels.view(Matrix.copyOf(new float[4], 2, 2, machine.arena())), null);
        float[] norm = {1, 1};
        Matrix ids = Matrix.copyOf(new float[10], 5, 2, machine.arena());
        return new Transformer(
                new TransformerConfig(1, 2, 1, 1, 2, 2, 5, 16, 0, new Rope(2, 10_000, Rope.Pairing.HALVES)),
                kernels,
                ids,
                List.of(new Layer(norm, square, square, square, square, norm, square, square, square)),
                norm,
                kernels.view(ids));
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
    void thePropertyIsNamedWhereItSaysNothingOfTheKind() {
        String before = System.getProperty(DeviceChoice.PROPERTY);
        System.setProperty(DeviceChoice.PROPERTY, "tpu");
        try {
            assertThatThrownBy(DeviceChoice::preferred)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("-Dsparrow.device: expected auto, cpu")
                    .hasMessageEndingWith("got tpu");
        } finally {
            if (before == null) System.clearProperty(DeviceChoice.PROPERTY);
            else System.setProperty(DeviceChoice.PROPERTY, before);
        }
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
        DeviceFacts first = facts("cuda:0", "Card", Kind.GPU, 1);
        DeviceFacts second = facts("cuda:1", "Card", Kind.GPU, 1);
        DeviceFacts other = facts("opencl:2", "Another card", Kind.GPU, 1);
        Optional<DeviceProvider> provider = Devices.of(
                first, second, facts("opencl:0", "Card", Kind.GPU, 1), facts("opencl:1", "Card", Kind.GPU, 1), other);
        assertThat(device(new Gpu(0), provider)).isEqualTo(first);
        assertThat(device(new Gpu(1), provider)).isEqualTo(second);
        assertThat(device(new Gpu(2), provider)).isEqualTo(other);
        assertRefused(new Gpu(3), provider, "gpu: expected gpu:0 to gpu:2, got gpu:3");
    }

    private static DeviceFacts device(DeviceChoice choice, Optional<DeviceProvider> provider) {
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

    @Test
    void aModelThatDoesNotFitIsRefusedWithBothFigures() {
        DeviceFacts card = facts("opencl:0", "Card 7", Kind.GPU, 8_000_000_000L);
        assertThat(new DeviceNeed(9_400_000_000L, 400_000_000L).refusal(card))
                .contains(
                        "Card 7 has 8.0 GB, the model needs 10.3 GB (weights 9.4, context 0.4). Convert it with --quant"
                                + " q4_0, or use --device cpu");
        assertThat(new DeviceNeed(7_000_000_000L, 400_000_000L).refusal(card)).isEmpty();
        assertThat(new DeviceNeed(7_000_000_000L, 400_000_000L).contexts(card)).isEqualTo(800_000_000L);
        assertThat(new DeviceNeed(7_600_000_000L, 400_000_000L).contexts(card)).isEqualTo(400_000_000L);
        Found small = new Gpu(0).find(Devices.of(SMALL)).orElseThrow();
        assertThatThrownBy(() -> new Gpu(0).open(small, transformer()))
                .isInstanceOf(NoDeviceException.class)
                .hasMessageStartingWith("gpu: Card 8 has 0.0 GB, the model needs ");
    }

    @Test
    void automaticIsTheFirstCardThatItFitsOn() {
        Transformer transformer = transformer();
        Found found = auto.find(Devices.of(PROCESSOR, SMALL, LARGE)).orElseThrow();
        assertThat(auto.open(found, transformer)).contains(transformer.stack());
        assertThat(told).singleElement().asString().startsWith("gpu: Card 8 has 0.0 GB");
    }

    @Test
    void automaticIsNeverAProcessor() {
        assertThat(auto.find(Devices.of(PROCESSOR))).isEmpty();
        assertThat(told).containsExactly("gpu: no card among 1");
    }

    @Test
    void automaticFailsForNothing() {
        assertThat(auto.find(Optional.empty())).isEmpty();
        assertThat(auto.find(Devices.failing(new IllegalStateException("call failed: -5"))))
                .isEmpty();
        Found broken = new Found(new Devices(() -> List.of(LARGE), "out of resources"), LARGE);
        assertThat(auto.open(broken, transformer())).isEmpty();
        assertThat(told)
                .containsExactly("gpu: this build has no module gpu", "gpu: call failed: -5", "gpu: out of resources");
    }

    @Test
    void aLostDeviceIsNamed() {
        assertThat(new LostDeviceException(LARGE, "CL_DEVICE_NOT_AVAILABLE"))
                .hasMessage("gpu: Card 9 was lost: CL_DEVICE_NOT_AVAILABLE");
    }

    @Test
    void aReportNamesTheDevice() {
        assertThat(LARGE.label()).isEqualTo("Card 9 (OpenCL 3.0)");
        assertThat(transformer().stack().describe()).isEqualTo("cpu");
    }
}
