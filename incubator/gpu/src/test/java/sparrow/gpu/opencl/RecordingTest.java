package sparrow.gpu.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.gpu.DeviceUnderTest;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Grid;
import sparrow.gpu.device.Kernel;
import sparrow.gpu.device.Queue;
import sparrow.gpu.device.Recording;

/** Launches that are kept and repeated, where the driver has nothing of the kind. */
@Tag("device")
class RecordingTest {
    private final Device device = DeviceUnderTest.openByOpenCl();
    private final Queue queue = device.queue();
    private final Kernel fold = device.build(
                    "a step",
                    "__kernel void fold(__global int *x, int f, int n) { x[get_global_id(0)] = f * x[0] + n; }")
            .kernel("fold");

    @AfterEach
    void close() {
        device.close();
    }

    private Recording record(Buffer x) {
        return queue.record(() -> {
            queue.run(fold, new Grid(1, 1, 1), Argument.of(x), Argument.of(3), Argument.of(1));
            queue.run(fold, new Grid(1, 1, 1), Argument.of(x), Argument.of(5), Argument.of(2));
        });
    }

    private int read(Buffer x) {
        int[] value = new int[1];
        queue.read(x, 0, MemorySegment.ofArray(value));
        return value[0];
    }

    @Test
    void launchesAreDoneInTheirOrderEachTimeAndNotBefore() {
        Buffer x = device.allocate(4);
        queue.clear(x, 0, 4);
        Recording recording = record(x);
        assertThat(read(x)).isZero();

        recording.run();
        assertThat(read(x)).isEqualTo(5 * (3 * 0 + 1) + 2);
        recording.run();
        assertThat(read(x)).isEqualTo(5 * (3 * 7 + 1) + 2);
    }

    @Test
    void whatUsesClosedMemoryIsStaleAndRefused() {
        Buffer x = device.allocate(4);
        Recording recording = record(x);
        assertThat(recording.stale()).isFalse();
        x.close();

        assertThat(recording.stale()).isTrue();
        assertThatThrownBy(recording::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("an object used by the recording is closed");
    }

    @Test
    void nothingButLaunchesIsTaken() {
        Buffer x = device.allocate(4);
        assertThatThrownBy(() -> queue.record(() -> queue.clear(x, 0, 4)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("only launches can be recorded");
        assertThatThrownBy(() -> queue.record(queue::finish)).isInstanceOf(IllegalStateException.class);

        queue.clear(x, 0, 4);
        assertThat(read(x)).isZero();
    }
}
