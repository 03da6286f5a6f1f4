package sparrow.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.device.Grid;
import sparrow.gpu.device.Kernel;
import sparrow.gpu.device.Language;
import sparrow.gpu.device.Program;
import sparrow.gpu.device.Queue;
import sparrow.gpu.device.Recording;
import sparrow.gpu.driver.Driver;

/** What is called of CUDA, in which order and with what; a driver and a compiler of this test answer. */
class CudaDeviceTest {
    private final Arena arena = Arena.ofShared();
    private final FakeCuda fake = new FakeCuda(arena);
    private final FakeNvrtc compiler = new FakeNvrtc(arena);

    @AfterEach
    void close() {
        arena.close();
    }

    private Device open() {
        Cuda cuda = Cuda.load(
                FakeLibrary.of(fake, "cu", arena),
                _ -> Optional.of(FakeLibrary.of(compiler, "nvrtc", arena)),
                Path.of("no such file"));
        return cuda.open(cuda.devices().getFirst());
    }

    private static int[] read(Queue queue, Buffer buffer, int n) {
        int[] values = new int[n];
        queue.read(buffer, 0, MemorySegment.ofArray(values));
        return values;
    }

    @Test
    void openingAndClosingGiveBackWhatTheyTook() {
        Device device = open();
        assertThat(device.language()).isEqualTo(Language.CUDA);
        assertThat(device.largestGroup()).isEqualTo(1024);
        assertThat(device.subgroupsOf(32)).isFalse();

        device.close();
        device.close();

        assertThat(fake.calls)
                .containsExactly(
                        "cuDevicePrimaryCtxRetain of 100",
                        "cuStreamCreate",
                        "cuMemAllocHost",
                        "cuStreamSynchronize",
                        "cuStreamDestroy",
                        "cuMemFreeHost",
                        "cuDevicePrimaryCtxRelease of 100");
        assertThat(fake.open).isZero();
    }

    /** By what the kernels are compiled for, which an old compiler holds back. */
    @ParameterizedTest
    @CsvSource({"75, 75, false", "80, 80, true", "120, 120, true", "90, 80, true", "86, 75, false"})
    void productsOfBf16AreThereFromCapability80On(int capability, int known, boolean there) {
        fake.capabilities.set(0, capability);
        compiler.architectures.clear();
        compiler.architectures.add(known);
        try (Device device = open()) {
            assertThat(device.multipliesBf16()).isEqualTo(there);
        }
    }

    @Test
    void aCardThatCannotBeOpenedGivesBackWhatItTook() {
        fake.fail("cuMemAllocHost", 2);

        assertThatThrownBy(this::open).hasMessage("CUDA: cuMemAllocHost failed: CUDA_ERROR_OF_A_TEST (2)");
        assertThat(fake.open).isZero();
    }

    @Test
    void whatIsWrittenIsWhatWasThereThenHoweverMuchAndHoweverLateTheStreamIs() {
        int n = Driver.STAGING / 4;
        int[] values = new SplittableRandom(1).ints(3L * n + 7).toArray();
        try (Device device = open();
                Buffer buffer = device.allocate(4L * values.length)) {
            MemorySegment from = MemorySegment.ofArray(values.clone());
            for (long at = 0; at < from.byteSize(); at += 4096) {
                MemorySegment piece = from.asSlice(at, Math.min(4096, from.byteSize() - at));
                device.queue().write(buffer, at, piece);
                piece.fill((byte) 1);
            }
            assertThat(read(device.queue(), buffer, values.length)).isEqualTo(values);

            MemorySegment outside = arena.allocateFrom(ValueLayout.JAVA_INT, values);
            device.queue().clear(buffer, 0, buffer.bytes());
            device.queue().write(buffer, 0, outside);
            outside.fill((byte) 1);
            device.queue().read(buffer, 0, outside);
            assertThat(outside.toArray(ValueLayout.JAVA_INT)).isEqualTo(values);
        }
    }

    @Test
    void partsAreCopiedAndClearedWhereTheyLie() {
        try (Device device = open();
                Buffer from = device.allocate(32);
                Buffer to = device.allocate(32)) {
            Queue queue = device.queue();
            queue.write(from, 0, MemorySegment.ofArray(new int[] {1, 2, 3, 4, 5, 6, 7, 8}));
            queue.clear(to, 0, 32);
            queue.copy(from, 4, to, 12, 12);
            queue.clear(to, 16, 4);

            assertThat(read(queue, to, 8)).containsExactly(0, 0, 0, 2, 0, 4, 0, 0);
            int[] part = new int[2];
            queue.read(to, 16, MemorySegment.ofArray(part));
            assertThat(part).containsExactly(0, 4);
        }
    }

    @Test
    void aRecordingIsAGraphThatIsLaunchedAsOne() {
        try (Device device = open();
                Program program = device.build("sums", "a text");
                Kernel add = program.kernel("add");
                Buffer buffer = device.allocate(4 * 48)) {
            Queue queue = device.queue();
            queue.clear(buffer, 0, 4 * 48);
            Grid grid = new Grid(2, 3, 8);
            Recording recording = queue.record(() -> {
                for (int i = 1; i <= 3; i++) queue.run(add, grid, Argument.of(buffer), Argument.of(i), Argument.of(1f));
            });
            assertThat(read(queue, buffer, 48)).as("nothing is done yet").containsOnly(0);
            fake.calls.clear();

            recording.run();
            recording.run();

            assertThat(fake.calls).containsExactly("cuGraphLaunch", "cuGraphLaunch");
            assertThat(read(queue, buffer, 48)).containsOnly(12);
            recording.close();
            assertThat(fake.calls).contains("cuGraphExecDestroy");
            assertThatThrownBy(recording::run).hasMessage("a recording is closed");
        }
        assertThat(fake.open).isZero();
    }

    @Test
    void aCaptureThatFailsIsEnded() {
        try (Device device = open();
                Program program = device.build("sums", "a text");
                Kernel add = program.kernel("add");
                Buffer buffer = device.allocate(4 * 48)) {
            fake.fail("cuLaunchKernel", 1);
            assertThatThrownBy(() -> device.queue()
                            .record(() -> device.queue()
                                    .run(add, new Grid(1, 1, 8), Argument.of(buffer), Argument.of(1), Argument.of(1f))))
                    .hasMessage("CUDA: cuLaunchKernel failed: CUDA_ERROR_OF_A_TEST (1)");
            assertThat(fake.calls)
                    .endsWith("cuStreamBeginCapture", "cuLaunchKernel", "cuStreamEndCapture", "cuGraphDestroy");
        }
    }

    @Test
    void aKernelGetsItsGridAndTheArgumentsOfItsCall() {
        try (Device device = open();
                Program program = device.build("sums", "a text");
                Kernel add = program.kernel("add");
                Buffer buffer = device.allocate(4 * 48)) {
            device.queue().clear(buffer, 0, 4 * 48);
            for (int i = 0; i < 10; i++) {
                device.queue().run(add, new Grid(2, 3, 8), Argument.of(buffer), Argument.of(i), Argument.of(2f));
            }

            assertThat(read(device.queue(), buffer, 48)).containsOnly(90);
            assertThat(fake.grid).containsExactly(2, 3, 1, 8, 1, 1, 0);
            assertThat(compiler.text).isEqualTo("a text");
        }
        assertThat(fake.open).isZero();
        assertThat(compiler.open).isZero();
    }

    @Test
    void argumentsThatDoNotFitNeverReachTheDriver() {
        try (Device device = open();
                Program program = device.build("sums", "a text");
                Kernel add = program.kernel("add");
                Buffer buffer = device.allocate(32)) {
            Grid grid = new Grid(1, 1, 8);

            assertThatThrownBy(() -> device.queue().run(add, grid, Argument.of(buffer), Argument.of(1)))
                    .hasMessage("kernel add: expected 3 arguments, got 2");
            assertThatThrownBy(() -> device.queue().run(add, grid, Argument.of(1), Argument.of(1), Argument.of(1f)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("kernel add: expected argument 1 of 8 bytes, got 4");
            assertThat(fake.calls).doesNotContain("cuLaunchKernel");
        }
    }

    @Test
    void aKernelIsNothingWithoutItsProgram() {
        try (Device device = open();
                Buffer buffer = device.allocate(32)) {
            Program program = device.build("sums", "a text");
            Kernel add = program.kernel("add");
            program.close();

            assertThatThrownBy(() -> device.queue()
                            .run(add, new Grid(1, 1, 8), Argument.of(buffer), Argument.of(1), Argument.of(1f)))
                    .hasMessage("program sums is closed");
            assertThat(fake.calls).doesNotContain("cuLaunchKernel");
        }
    }

    @Test
    void kernelsThatAreNotThereAreNamed() {
        try (Device device = open();
                Program program = device.build("sums", "a text")) {
            assertThatThrownBy(() -> program.kernel("subtract"))
                    .hasMessage("CUDA: cuModuleGetFunction of subtract failed: CUDA_ERROR_OF_A_TEST (500)");
            assertThatThrownBy(() -> program.kernel("unknown"))
                    .hasMessage("CUDA: the compiler lists no arguments of unknown");
        }
    }

    @Test
    void aCardThatTheCompilerKnowsGetsCodeAndANewerOnePtx() {
        try (Device device = open()) {
            device.build("sums", "a text");
        }
        assertThat(fake.image).isEqualTo("code of the device");
        assertThat(compiler.options).containsExactly("--gpu-architecture=sm_80", "-fmad=false", "-default-device");

        fake.capabilities.set(0, 120);
        try (Device device = open()) {
            device.build("sums", "a text");
        }
        assertThat(fake.image).isEqualTo(FakeNvrtc.PTX);
        assertThat(compiler.options).contains("--gpu-architecture=compute_90");
    }

    @Test
    void whatDoesNotCompileIsToldWithTheFirstLinesOfTheLog() {
        try (Device device = open()) {
            assertThatThrownBy(() -> device.build("sums", "?"))
                    .isInstanceOf(DeviceException.class)
                    .hasMessage("CUDA: sums does not compile: add.cl(1): error: no such word | 1 error");
            assertThatThrownBy(() -> device.build("sums", ""))
                    .hasMessage("CUDA: nvrtcCompileProgram failed: NVRTC_ERROR_OF_A_TEST (5)");
            fake.fail("cuModuleLoadDataEx", 218);
            assertThatThrownBy(() -> device.build("sums", "a text"))
                    .hasMessage("CUDA: cuModuleLoadDataEx of sums failed: CUDA_ERROR_OF_A_TEST (218): ptxas: line 1 is"
                            + " wrong");
            assertThat(device.openObjects()).isZero();
        }
        assertThat(compiler.open).isZero();
        assertThat(fake.open).isZero();
    }

    @Test
    void memoryThatIsNotThereIsTold() {
        try (Device device = open()) {
            fake.fail("cuMemAlloc", 2);
            assertThatThrownBy(() -> device.allocate(1 << 20))
                    .isInstanceOf(DeviceException.class)
                    .hasMessage("CUDA: cuMemAlloc failed: CUDA_ERROR_OF_A_TEST (2)");
            fake.fail("cuMemAlloc", 1001);
            assertThatThrownBy(() -> device.allocate(1 << 20))
                    .hasMessage("CUDA: cuMemAlloc failed: a code specific to the driver (1001)");
            assertThat(device.openObjects()).isZero();
        }
    }

    @Test
    void memoryIsGivenBackWhenItsUseIsOver() {
        try (Device device = open()) {
            Buffer buffer = device.allocate(64);
            device.queue().clear(buffer, 0, 64);
            buffer.close();

            assertThat(fake.calls).endsWith("cuMemsetD8Async", "cuStreamSynchronize", "cuMemFree");
        }
    }

    /** The driver answers with an invalid context where a thread has not been told which one is meant. */
    @Test
    void everyThreadUsesTheContextOfItsDevice() throws Exception {
        try (Device device = open();
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            int[] values = other.submit(() -> {
                        Buffer buffer = device.allocate(16);
                        device.queue().write(buffer, 0, MemorySegment.ofArray(new int[] {1, 2, 3, 4}));
                        return read(device.queue(), buffer, 4);
                    })
                    .get();
            assertThat(values).containsExactly(1, 2, 3, 4);
            other.submit(device::close).get();
        }
        assertThat(fake.open).isZero();
    }

    @Test
    void aCardThatIsLostIsClosedAllTheSameAndTheFirstFailureIsTold() {
        Device device = open();
        Program program = device.build("sums", "a text");
        program.kernel("add");
        Buffer buffer = device.allocate(16);
        for (String call : new String[] {"cuStreamSynchronize", "cuMemFree", "cuModuleUnload", "cuStreamDestroy"}) {
            fake.fail(call, 719);
        }

        assertThatThrownBy(() -> device.queue().read(buffer, 0, MemorySegment.ofArray(new int[4])))
                .isInstanceOf(DeviceException.class)
                .hasMessage("CUDA: cuStreamSynchronize failed: CUDA_ERROR_OF_A_TEST (719)");
        assertThatThrownBy(device::close).hasMessageStartingWith("CUDA: cuStreamSynchronize failed: ");
        device.close();

        assertThat(fake.open).isZero();
        assertThat(device.openObjects()).isZero();
    }
}
