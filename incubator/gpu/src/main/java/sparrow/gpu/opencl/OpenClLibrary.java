package sparrow.gpu.opencl;

import java.util.Locale;
import sparrow.engine.device.NoDeviceException;
import sparrow.gpu.driver.SharedLibrary;

/** The OpenCL loader of the system, whose name is fixed for each. */
final class OpenClLibrary {
    private static final String HOW_TO_GET_IT = "Install the loader and your card's driver for it (Debian, Ubuntu:"
            + " ocl-icd-libopencl1 with nvidia-opencl-icd, intel-opencl-icd or mesa-opencl-icd)";

    private OpenClLibrary() {}

    /**
     * The library of this system.
     *
     * @throws NoDeviceException in one line if it is not there, with the way to get it
     * @throws IllegalStateException in one line if java was started without native access
     */
    static SharedLibrary find() {
        return load(name(System.getProperty("os.name")));
    }

    /** The name of the library. */
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
