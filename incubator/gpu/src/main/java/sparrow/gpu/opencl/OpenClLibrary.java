package sparrow.gpu.opencl;

import java.util.Locale;
import sparrow.engine.device.NoDeviceException;
import sparrow.gpu.driver.SharedLibrary;

/** The system's OpenCL loader, which has a fixed name on each operating system. */
final class OpenClLibrary {
    private static final String HOW_TO_GET_IT = "Install the loader and your card's driver for it (Debian, Ubuntu:"
            + " ocl-icd-libopencl1 with nvidia-opencl-icd, intel-opencl-icd or mesa-opencl-icd)";

    private OpenClLibrary() {}

    /**
     * Loads the OpenCL library.
     *
     * @throws NoDeviceException if the library is not installed; the one-line message contains installation
     *     instructions
     * @throws IllegalStateException if java was started without native access; the message is one line
     */
    static SharedLibrary find() {
        return load(name(System.getProperty("os.name")));
    }

    /** Returns the file name of the library. */
    static String name(String system) {
        String lower = system.toLowerCase(Locale.ROOT);
        if (lower.startsWith("windows")) return "OpenCL.dll";
        if (lower.startsWith("mac")) return "/System/Library/Frameworks/OpenCL.framework/OpenCL";
        return "libOpenCL.so.1";
    }

    static SharedLibrary load(String name) {
        return SharedLibrary.load("OpenCL", name)
                .orElseThrow(() -> new NoDeviceException("no OpenCL library (" + name + "). " + HOW_TO_GET_IT));
    }
}
