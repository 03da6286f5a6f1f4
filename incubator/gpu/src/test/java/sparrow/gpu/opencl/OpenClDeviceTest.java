package sparrow.gpu.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.gpu.DeviceUnderTest;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.device.Grid;
import sparrow.gpu.device.Kernel;
import sparrow.gpu.device.Program;
import sparrow.gpu.device.Queue;
import sparrow.gpu.driver.Driver;

/** Memory, programs and the queue of a real implementation; and that nothing we could do wrong reaches native code. */
@Tag("device")
class OpenClDeviceTest {
    private static final String ADD =
            "__kernel void add(__global int *x, int n, float f) { x[get_global_id(0)] += n * (int) f; }";

    private final Device device = DeviceUnderTest.openByOpenCl();
    private final Queue queue = device.queue();

    @AfterEach
    void close() {
        device.close();
    }

    private static int[] numbers(int n, long seed) {
        return new SplittableRandom(seed).ints(n).toArray();
    }

    private int[] read(Buffer buffer, int n) {
        int[] values = new int[n];
        queue.read(buffer, 0, MemorySegment.ofArray(values));
        return values;
    }

    @Test
    void whatIsWrittenIsRead() {
        int[] values = numbers(1000, 1);
        try (Arena arena = Arena.ofConfined();
                Buffer buffer = device.allocate(4000)) {
            queue.write(buffer, 0, MemorySegment.ofArray(values));
            assertThat(read(buffer, 1000)).isEqualTo(values);

            queue.write(buffer, 400, arena.allocateFrom(ValueLayout.JAVA_INT, 7, 8));
            MemorySegment part = arena.allocate(8);
            queue.read(buffer, 400, part);
            assertThat(part.toArray(ValueLayout.JAVA_INT)).containsExactly(7, 8);
        }
    }

    @Test
    void whatIsWrittenIsWhatWasThereThen() {
        int[] values = numbers(100, 2);
        int[] before = values.clone();
        try (Buffer buffer = device.allocate(400)) {
            queue.write(buffer, 0, MemorySegment.ofArray(values));
            values[0]++;

            assertThat(read(buffer, 100)).isEqualTo(before);
        }
    }

    @Test
    void moreThanStagingMemoryHoldsIsWrittenAsWell() {
        int n = Driver.STAGING + 1001;
        int[] values = numbers(n, 3);
        try (Arena arena = Arena.ofConfined();
                Buffer buffer = device.allocate(4L * n)) {
            queue.write(buffer, 0, MemorySegment.ofArray(values));
            assertThat(read(buffer, n)).isEqualTo(values);

            values[n - 1]++;
            queue.write(buffer, 0, arena.allocateFrom(ValueLayout.JAVA_INT, values));
            assertThat(read(buffer, n)).isEqualTo(values);
        }
    }

    @Test
    void manySmallWritesUseTheSameStagingMemory() {
        int n = 3 * Driver.STAGING / 4096;
        try (Buffer buffer = device.allocate(4096L * n)) {
            for (int i = 0; i < n; i++) {
                int[] page = new int[1024];
                page[5] = i;
                queue.write(buffer, 4096L * i, MemorySegment.ofArray(page));
            }
            int[] all = read(buffer, 1024 * n);
            for (int i = 0; i < n; i++) assertThat(all[1024 * i + 5]).isEqualTo(i);
        }
    }

    @Test
    void memoryIsCopiedAndCleared() {
        int[] values = numbers(64, 4);
        try (Buffer from = device.allocate(256);
                Buffer to = device.allocate(256)) {
            queue.write(from, 0, MemorySegment.ofArray(values));
            queue.copy(from, 0, to, 0, 256);
            queue.clear(to, 4, 8);

            values[1] = values[2] = 0;
            assertThat(read(to, 64)).isEqualTo(values);
            assertThatThrownBy(() -> queue.copy(from, 0, from, 4, 16)).hasMessageContaining("expected no overlap");
        }
    }

    @Test
    void kernelsRunInTheOrderInWhichTheyWereEnqueued() {
        try (Program program = device.build("sums", ADD);
                Kernel add = program.kernel("add");
                Buffer buffer = device.allocate(64)) {
            queue.clear(buffer, 0, 64);
            for (int i = 0; i < 10; i++) {
                queue.run(add, new Grid(2, 1, 8), Argument.of(buffer), Argument.of(i), Argument.of(2f));
            }
            assertThat(read(buffer, 16)).containsOnly(90);
        }
    }

    @Test
    void rangesOutsideOfABufferAreRefused() {
        try (Buffer buffer = device.allocate(16);
                Buffer large = device.allocate(64)) {
            MemorySegment values = MemorySegment.ofArray(new int[4]);

            assertThatThrownBy(() -> queue.write(buffer, 4, values)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> queue.read(buffer, -4, values)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> queue.copy(large, 0, buffer, 0, 64)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> queue.clear(buffer, 8, Long.MAX_VALUE))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> queue.read(buffer, 0, values.asReadOnly())).hasMessageContaining("read-only");
        }
        assertThatThrownBy(() -> device.allocate(0)).hasMessageContaining("expected to allocate 1 to ");
        assertThatThrownBy(() -> device.allocate(Long.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void argumentsThatDoNotFitAreRefused() {
        try (Program program = device.build("sums", ADD);
                Kernel add = program.kernel("add");
                Buffer buffer = device.allocate(64)) {
            Grid grid = new Grid(1, 1, 8);

            assertThatThrownBy(() -> queue.run(add, grid, Argument.of(buffer), Argument.of(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("kernel add: expected 3 arguments, got 2");
            assertThatThrownBy(() -> queue.run(add, grid, Argument.of(1), Argument.of(1), Argument.of(1f)))
                    .isInstanceOf(DeviceException.class)
                    .hasMessage("OpenCL: clSetKernelArg failed: CL_INVALID_ARG_SIZE (-51)");
            assertThatThrownBy(() -> queue.run(
                            add, new Grid(1, 1, 1 << 30), Argument.of(buffer), Argument.of(1), Argument.of(1f)))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("clEnqueueNDRangeKernel failed: CL_INVALID_WORK_");
        }
    }

    @Test
    void textThatDoesNotCompileIsToldWithTheCompilersFirstLines() {
        assertThatThrownBy(() -> device.build("sums", "__kernel void add(__global int *x) { *x = y; }"))
                .isInstanceOf(DeviceException.class)
                .hasMessageStartingWith("OpenCL: sums does not compile: ")
                .hasMessageContaining("y")
                .extracting(Throwable::getMessage)
                .asString()
                .doesNotContain("\n");
        assertThat(device.openObjects()).isZero();
    }

    @Test
    void aKernelThatIsNotInTheProgramIsNamed() {
        try (Program program = device.build("sums", ADD)) {
            assertThatThrownBy(() -> program.kernel("subtract"))
                    .hasMessage("OpenCL: clCreateKernel of subtract failed: CL_INVALID_KERNEL_NAME (-46)");
        }
    }

    @Test
    void closedAndForeignObjectsAreRefused() {
        Buffer closed = device.allocate(16);
        closed.close();
        closed.close();
        MemorySegment values = MemorySegment.ofArray(new int[4]);

        assertThatThrownBy(() -> queue.write(closed, 0, values)).hasMessage("a buffer of 16 bytes is closed");
        try (Device other = DeviceUnderTest.openByOpenCl();
                Buffer foreign = other.allocate(16)) {
            assertThatThrownBy(() -> queue.write(foreign, 0, values))
                    .hasMessage("a buffer of 16 bytes belongs to another device");
        }
    }

    @Test
    void aClosedDeviceTakesEverythingWithItAndRefusesWhatComes() {
        Buffer buffer = device.allocate(16);
        Program program = device.build("sums", ADD);
        Kernel kernel = program.kernel("add");
        assertThat(device.openObjects()).isEqualTo(3);

        device.close();
        device.close();

        assertThat(device.openObjects()).isZero();
        kernel.close();
        program.close();
        buffer.close();
        assertThatThrownBy(queue::finish).hasMessageEndingWith(" is closed");
        assertThatThrownBy(() -> device.allocate(1)).hasMessageEndingWith(" is closed");
        assertThatThrownBy(() -> program.kernel("add")).hasMessage("program sums is closed");
        assertThatThrownBy(() -> queue.clear(buffer, 0, 1)).hasMessageEndingWith(" is closed");
    }
}
