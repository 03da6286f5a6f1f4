package sparrow.gpu.opencl;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.NoSuchElementException;
import sparrow.engine.transformer.NoDeviceException;
import sparrow.gpu.device.DeviceException;

/**
 * The OpenCL loader of the system, which stays for the rest of the process. Its name is fixed for each system: no argument
 * and no environment of ours chooses what is loaded.
 *
 * @param symbols its functions
 * @param name of the library
 */
@SuppressWarnings("restricted") // loading a library is what this class is for
record SharedLibrary(SymbolLookup symbols, String name) {
    private static final String HOW_TO_GET_IT = "Install the loader and your card's driver for it (Debian, Ubuntu:"
            + " ocl-icd-libopencl1 with nvidia-opencl-icd, intel-opencl-icd or mesa-opencl-icd)";

    /**
     * The library of this system.
     *
     * @throws NoDeviceException in one line if it is not there: how to get it
     * @throws IllegalStateException in one line if java was started without native access
     */
    static SharedLibrary find() {
        return load(name(System.getProperty("os.name")));
    }

    /** What the library is called. */
    static String name(String system) {
        String lower = system.toLowerCase(Locale.ROOT);
        if (lower.startsWith("windows")) return "OpenCL.dll";
        if (lower.startsWith("mac")) return "/System/Library/Frameworks/OpenCL.framework/OpenCL";
        return "libOpenCL.so.1";
    }

    static SharedLibrary load(String name) {
        if (!SharedLibrary.class.getModule().isNativeAccessEnabled()) {
            throw new IllegalStateException(
                    "OpenCL needs native access: start java with --enable-native-access=ALL-UNNAMED");
        }
        try {
            return new SharedLibrary(SymbolLookup.libraryLookup(name, Arena.global()), name);
        } catch (IllegalArgumentException _) {
            throw new NoDeviceException("no OpenCL library (" + name + "). " + HOW_TO_GET_IT);
        }
    }

    /**
     * One of its functions.
     *
     * @throws DeviceException in one line if it has none of this name
     */
    MethodHandle function(String function, MemoryLayout result, MemoryLayout... arguments) {
        try {
            return Linker.nativeLinker()
                    .downcallHandle(symbols.findOrThrow(function), FunctionDescriptor.of(result, arguments));
        } catch (NoSuchElementException _) {
            throw new DeviceException("OpenCL (" + name + "): expected a function " + function + ", found none");
        }
    }
}
