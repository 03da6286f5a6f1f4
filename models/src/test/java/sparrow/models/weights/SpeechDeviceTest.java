package sparrow.models.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.LinearOffload;
import sparrow.engine.transformer.DeviceChoice;
import sparrow.engine.transformer.DeviceFacts;
import sparrow.engine.transformer.DeviceNeed;
import sparrow.engine.transformer.DeviceProvider;
import sparrow.engine.transformer.LayerStack;
import sparrow.engine.transformer.Transformer;
import sparrow.models.FakeOffload;

/** Whether networks of sound go to the language model's device, and who closes what is opened there. */
class SpeechDeviceTest {
    private static final DeviceFacts CARD = new DeviceFacts(
            "fake:0", "Card 9", "Cards Inc.", DeviceFacts.Kind.GPU, 3000, 3000, 64, "OpenCL 3.0", "1.2");

    private final ComputePool pool = new ComputePool(1);
    private final Kernels here = Kernels.create(pool);
    private final Resources resources = new Resources(new DeviceChoice.Cpu());
    private final List<String> told = new ArrayList<>();
    private final List<Long> rooms = new ArrayList<>();

    @AfterEach
    void close() {
        resources.close();
        pool.close();
    }

    private Kernels kernels(Supplier<Optional<LinearOffload>> opened) {
        DeviceProvider provider = new DeviceProvider() {
            @Override
            public List<DeviceFacts> devices() {
                return List.of(CARD);
            }

            @Override
            public String noGpu(List<DeviceFacts> found) {
                throw new AssertionError();
            }

            @Override
            public LayerStack open(DeviceFacts device, Transformer transformer) {
                throw new AssertionError();
            }

            @Override
            public Optional<LinearOffload> offload(DeviceFacts device, long room) {
                rooms.add(room);
                return opened.get();
            }
        };
        DeviceChoice.Found found = new DeviceChoice.Found(provider, CARD);
        return new SpeechDevice(found, new DeviceNeed(900, 100), told::add).kernels(here, resources);
    }

    @Test
    void aFastOneTakesLayersInHalfOfTheRoomThatIsLeftAndIsClosedWithTheModel() {
        FakeOffload fast = new FakeOffload(() -> {});

        Kernels kernels = kernels(() -> Optional.of(fast));

        assertThat(kernels.arithmetic()).isEqualTo(here.arithmetic() + "+fake");
        // 5 % beside weights and context are needed.
        assertThat(rooms).containsExactly((3000L - 1050) / 2);
        assertThat(told).isEmpty();
        assertThat(fast.closed()).isFalse();
        resources.close();
        assertThat(fast.closed()).isTrue();
    }

    @Test
    void oneWithoutRoomAndOneWhoseDriverFailsLeaveThemHere() {
        assertThat(kernels(Optional::empty)).isSameAs(here);
        assertThat(kernels(() -> {
                    throw new IllegalStateException("OpenCL: clCreateContext failed: CL_OUT_OF_HOST_MEMORY (-6)");
                }))
                .isSameAs(here);

        assertThat(told)
                .containsExactly(
                        "gpu: Card 9 has no room for networks of sound, or is the processor itself",
                        "gpu: OpenCL: clCreateContext failed: CL_OUT_OF_HOST_MEMORY (-6)");
    }

    @Test
    void oneThatFailsWhileItIsTriedIsClosed() {
        FakeOffload broken = new FakeOffload(() -> {
            throw new IllegalStateException("gpu: Card 9 was lost: unplugged");
        });

        assertThat(kernels(() -> Optional.of(broken))).isSameAs(here);

        assertThat(broken.closed()).isTrue();
        assertThat(told).containsExactly("gpu: Card 9 was lost: unplugged");
    }

    /** It spends more than a product takes here, by making several. */
    @Test
    void aSlowOneIsClosedAndLeavesThemHere() {
        float[] values = new float[1 << 19];
        FakeOffload slow = new FakeOffload(() -> {
            for (int i = 0; i < 400; i++) here.dot(values, 0, values, 0, values.length);
        });

        assertThat(kernels(() -> Optional.of(slow))).isSameAs(here);

        assertThat(slow.closed()).isTrue();
        assertThat(told).containsExactly("gpu: Card 9 is not fast enough for networks of sound to be sent there");
    }
}
