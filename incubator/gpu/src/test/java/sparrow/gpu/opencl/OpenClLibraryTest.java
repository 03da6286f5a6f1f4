package sparrow.gpu.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;
import sparrow.engine.device.NoDeviceException;
import sparrow.gpu.device.DeviceException;

/** Which library is loaded, and what is said where it is not there or is another one. */
class OpenClLibraryTest {
    @Test
    void everySystemHasItsOwnName() {
        assertThat(OpenClLibrary.name("Linux")).isEqualTo("libOpenCL.so.1");
        assertThat(OpenClLibrary.name("Windows 11")).isEqualTo("OpenCL.dll");
        assertThat(OpenClLibrary.name("Mac OS X")).isEqualTo("/System/Library/Frameworks/OpenCL.framework/OpenCL");
    }

    @Test
    void whereItIsNotOneLineSaysHowToGetIt() {
        assertThatThrownBy(() -> OpenClLibrary.load("libno-such-opencl.so.1"))
                .isInstanceOf(NoDeviceException.class)
                .hasMessage(
                        "no OpenCL library (libno-such-opencl.so.1). Install the loader and your card's driver for it"
                                + " (Debian, Ubuntu: ocl-icd-libopencl1 with nvidia-opencl-icd, intel-opencl-icd or"
                                + " mesa-opencl-icd)");
    }

    @Test
    void anotherLibraryIsNotTakenForIt() {
        assumeThat(System.getProperty("os.name")).isEqualTo("Linux");

        // The C library is always there.
        assertThatThrownBy(() -> OpenCl.load(OpenClLibrary.load("libc.so.6")))
                .isInstanceOf(DeviceException.class)
                .hasMessage("OpenCL (libc.so.6): expected a function clGetPlatformIDs, found none");
    }
}
