package sparrow.gpu.cuda;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import sparrow.gpu.driver.SharedLibrary;

/** The names of CUDA's driver and of its compiler, which are fixed for each system. */
final class CudaLibraries {
    /** The first version whose compiler lists the architectures that it compiles for. */
    private static final int FIRST = 11;

    private static final String HOST = "CUDA";

    private CudaLibraries() {}

    /** The driver; empty if it is not installed. */
    static Optional<SharedLibrary> driver() {
        return SharedLibrary.load(HOST, driver(System.getProperty("os.name")));
    }

    /**
     * The newest compiler that is not newer than the driver, since a driver need not take the output of a newer one.
     *
     * @param major version of CUDA that the driver has
     */
    static Optional<SharedLibrary> compiler(int major) {
        return compilers(System.getProperty("os.name"), major).stream()
                .flatMap(name -> SharedLibrary.load(HOST, name).stream())
                .findFirst();
    }

    static String driver(String system) {
        return windows(system) ? "nvcuda.dll" : "libcuda.so.1";
    }

    /** Names in the order in which they are tried. All of version 11 from 11.2 on have one name. */
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
