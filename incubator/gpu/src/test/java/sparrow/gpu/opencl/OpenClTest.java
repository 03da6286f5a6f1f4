package sparrow.gpu.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceInfo.Kind;
import sparrow.engine.device.NoDeviceException;
import sparrow.gpu.device.DeviceException;
import sparrow.gpu.device.Language;

/** What is found in what a loader knows; a loader of this test. */
class OpenClTest {
    private final Arena arena = Arena.ofShared();

    @AfterEach
    void close() {
        arena.close();
    }

    private OpenCl load(List<List<Long>> platforms, int failure) {
        return OpenCl.load(FakeOpenCl.of(platforms, failure, arena));
    }

    @Test
    void devicesOfAllPlatformsAreCountedThroughAndAPlatformMayHaveNone() {
        OpenCl openCl = load(List.of(List.of(), List.of(FakeOpenCl.CPU), List.of(), List.of(FakeOpenCl.GPU, 8L)), 0);

        assertThat(openCl.devices())
                .extracting(DeviceInfo::id, DeviceInfo::name, DeviceInfo::kind, DeviceInfo::host)
                .map(Object::toString)
                .containsExactly(
                        "(\"opencl:0\", \"device 0 of 1\", CPU, \"OpenCL 3.0\")",
                        "(\"opencl:1\", \"device 0 of 3\", GPU, \"OpenCL 3.0\")",
                        "(\"opencl:2\", \"device 1 of 3\", OTHER, \"OpenCL 3.0\")");
        assertThat(openCl.devices().getFirst().memoryBytes()).isEqualTo(8L << 30);
        assertThat(openCl.devices().getFirst().largestBytes()).isEqualTo(2L << 30);
    }

    @Test
    void whereNothingIsInstalledOneLineSaysSo() {
        assertThatThrownBy(() -> load(List.of(), 0))
                .isInstanceOf(NoDeviceException.class)
                .hasMessage("OpenCL is installed, but lists no GPU (found: nothing). AMD on Mesa needs"
                        + " RUSTICL_ENABLE=radeonsi");
    }

    @Test
    void platformsWithoutADeviceAreNamed() {
        assertThatThrownBy(() -> load(List.of(List.of(), List.of()), 0))
                .isInstanceOf(NoDeviceException.class)
                .hasMessage("OpenCL is installed, but lists no GPU (found: platform 1, platform 2). AMD on Mesa needs"
                        + " RUSTICL_ENABLE=radeonsi");
    }

    @Test
    void aDriverThatFailsIsNotTakenForOneWithoutDevices() {
        assertThatThrownBy(() -> load(List.of(List.of(FakeOpenCl.GPU)), -6))
                .isInstanceOf(DeviceException.class)
                .hasMessage("OpenCL: clGetDeviceIDs failed: CL_OUT_OF_HOST_MEMORY (-6)");
    }

    @Test
    void aDeviceThatIsNotThereIsNotOpened() {
        OpenCl openCl = load(List.of(List.of(FakeOpenCl.GPU)), 0);
        DeviceInfo other = new DeviceInfo("opencl:7", "", "", Kind.GPU, 1, 1, 1, "", "");

        assertThatThrownBy(() -> openCl.open(other)).hasMessage("expected opencl:0, got opencl:7");
    }

    @Test
    void ptxIsForTheCompilerOfNvidiaNotForItsCards() {
        assertThat(Found.language(List.of("cl_khr_fp64", "cl_nv_compiler_options")))
                .isEqualTo(Language.OPENCL_C_WITH_PTX);
        assertThat(Found.language(List.of("cl_khr_fp64", "cl_nv_device_attribute_query")))
                .isEqualTo(Language.OPENCL_C);
    }

    @Test
    void productsOfBf16AreForThatCompilerWhereTheCardTellsThatItHasThem() {
        List<String> tells = List.of("cl_nv_compiler_options", "cl_nv_device_attribute_query");

        assertThat(Found.multipliesBf16(tells, () -> 8)).isTrue();
        assertThat(Found.multipliesBf16(tells, () -> 12)).isTrue();
        assertThat(Found.multipliesBf16(tells, () -> 7)).isFalse();
        assertThat(Found.multipliesBf16(tells.subList(0, 1), Assertions::fail)).isFalse();
        assertThat(Found.multipliesBf16(tells.subList(1, 2), Assertions::fail)).isFalse();
    }

    @Test
    void everyCodeIsTold() {
        assertThat(Status.failure("clFoo", -11)).hasMessage("OpenCL: clFoo failed: CL_BUILD_PROGRAM_FAILURE (-11)");
        assertThat(Status.failure("clFoo", -9999))
                .hasMessage("OpenCL: clFoo failed: a code specific to the driver (-9999)");
        for (int code = -19; code <= -1; code++) assertThat(Status.symbol(code)).startsWith("CL_");
        for (int code = -64; code <= -30; code++)
            assertThat(Status.symbol(code)).startsWith("CL_");
    }
}
