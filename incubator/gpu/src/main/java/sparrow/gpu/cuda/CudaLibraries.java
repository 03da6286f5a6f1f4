package sparrow.gpu.cuda;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import sparrow.gpu.driver.SharedLibrary;

/** The file names of CUDA's driver and compiler, which are fixed for each operating system. */
final class CudaLibraries {
    /** The first version whose compiler lists its supported architectures. */
    private static final int FIRST = 11;

    private static final String HOST = "CUDA";

    private CudaLibraries() {}

    /** Returns the driver, or empty if it is not installed. */
    static Optional<SharedLibrary> driver() {
        return SharedLibrary.load(HOST, driver(System.getProperty("os.name")));
    }

    /**
     * Returns the newest compiler that is not newer than the driver, because a driver might not accept the output of a
     * newer compiler.
     *
     * @param major the driver's major version of CUDA
     */
    static Optional<SharedLibrary> compiler(int major) {
        return compilers(System.getProperty("os.name"), major).stream()
                .flatMap(name -> SharedLibrary.load(HOST, name).stream())
                .findFirst();
    }

    static String driver(String system) {
        return windows(system) ? "nvcuda.dll" : "libcuda.so.1";
    }

    /**
     * Returns the possible file names of the compiler in the order in which they are tried. All versions from 11.2 to
     * 11.8 share one name.
     */
    static List<String> compilers(String system, int major) {
        return IntStream.iterate(major, version -> version >= FIRST, version -> version - 1)
                .mapToObj(version -> windows(system)
                        ? "nvrtc64_" + version + (version == FIRST ? "2" : "0") + "_0.dll"
                        : "libnvrtc.so." + version + (version == FIRST ? ".2" : ""))
                .toList();
    }

    private static boolean windows(String system) {
        return system.toLowerCase(Locale.ROOT).startsWith("windows");
    }
}
