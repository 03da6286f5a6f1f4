package sparrow.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceInfo.Kind;
import sparrow.engine.device.NoDeviceException;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.driver.SharedLibrary;

/** Which cards are found in what a driver knows, and what is said where there are none; a driver of this test. */
class CudaTest {
    private final Arena arena = Arena.ofShared();
    private final FakeCuda fake = new FakeCuda(arena);
    private final FakeNvrtc compiler = new FakeNvrtc(arena);

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        arena.close();
    }

    private Cuda load() {
        return load(Optional.of(FakeLibrary.of(compiler, "nvrtc", arena)));
    }

    private Cuda load(Optional<SharedLibrary> nvrtc) {
        return Cuda.load(FakeLibrary.of(fake, "cu", arena), _ -> nvrtc, folder.resolve("version"));
    }

    @Test
    void cardsAreCountedAsTheDriverDoesWithoutThoseThatTheCompilerDoesNotKnow() throws Exception {
        fake.capabilities.addAll(List.of(61, 120));
        Files.writeString(folder.resolve("version"), "580.65.06\n");

        assertThat(load().devices())
                .containsExactly(card("cuda:0", "Card 100", "580.65.06"), card("cuda:2", "Card 102", "580.65.06"));
    }

    private static DeviceInfo card(String id, String name, String driver) {
        long memory = 8L << 30;
        return new DeviceInfo(id, name, "NVIDIA Corporation", Kind.GPU, memory, memory, 64, "CUDA 13.2", driver);
    }

    @Test
    void aDriverWhoseVersionNobodyTellsIsListed() {
        assertThat(load().devices()).containsExactly(card("cuda:0", "Card 100", "unknown"));
    }

    @Test
    void aDriverWithoutACardIsNoFailure() {
        fake.fail("cuInit", 100);
        assertThatThrownBy(this::load)
                .isInstanceOf(NoDeviceException.class)
                .hasMessage("CUDA is installed, but lists no card");

        fake.fail("cuInit", 0);
        fake.capabilities.clear();
        assertThatThrownBy(this::load).isInstanceOf(NoDeviceException.class);
    }

    @Test
    void aDriverThatFailsIsNotTakenForOneWithoutCards() {
        fake.fail("cuInit", 803);

        assertThatThrownBy(this::load)
                .isInstanceOf(DeviceException.class)
                .hasMessage("CUDA: cuInit failed: CUDA_ERROR_OF_A_TEST (803)");
    }

    @Test
    void withoutACompilerOneLineSaysWhichOneIsMissing() {
        assertThatThrownBy(() -> load(Optional.empty()))
                .isInstanceOf(NoDeviceException.class)
                .hasMessage("CUDA 13.2 is there, but not its compiler ("
                        + CudaLibraries.compilers(System.getProperty("os.name"), 13)
                                .getFirst() + " or an older one). NVIDIA's package is cuda-nvrtc-13-2");
    }

    @Test
    void cardsThatAreTooOldForTheCompilerOrTheKernelsAreNamed() {
        fake.capabilities.set(0, 70);
        assertTooOld();

        compiler.architectures.addAll(List.of(52, 60));
        fake.capabilities.set(0, 60);
        assertTooOld();
    }

    private void assertTooOld() {
        assertThatThrownBy(this::load)
                .isInstanceOf(NoDeviceException.class)
                .hasMessage("CUDA 13.2 is there, but too old for its compiler or the kernels: Card 100");
    }

    @Test
    void anotherLibraryIsNotTakenForIt() {
        assertThatThrownBy(() -> load(Optional.of(FakeLibrary.of(fake, "cu", arena))))
                .isInstanceOf(DeviceException.class)
                .hasMessage("CUDA (fake): expected a function nvrtcGetErrorString, found none");
    }

    @Test
    void aCardThatIsNotThereIsNotOpened() {
        Cuda cuda = load();

        assertThatThrownBy(() -> cuda.open(card("cuda:7", "", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected cuda:0, got cuda:7");
    }

    @Test
    void librariesHaveTheNamesOfTheirSystem() {
        assertThat(CudaLibraries.driver("Linux")).isEqualTo("libcuda.so.1");
        assertThat(CudaLibraries.driver("Windows 11")).isEqualTo("nvcuda.dll");
        assertThat(CudaLibraries.compilers("Linux", 13))
                .containsExactly("libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2");
        assertThat(CudaLibraries.compilers("Windows 11", 12)).containsExactly("nvrtc64_120_0.dll", "nvrtc64_112_0.dll");
        assertThat(CudaLibraries.compilers("Linux", 10)).isEmpty();
    }
}
