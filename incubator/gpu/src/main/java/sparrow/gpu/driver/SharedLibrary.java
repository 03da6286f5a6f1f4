package sparrow.gpu.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.NoSuchElementException;
import java.util.Optional;
import sparrow.gpu.device.DeviceException;

/**
 * A library of the system, which stays for the rest of the process. The package of a host fixes the names: no argument and no
 * environment variable of ours chooses a library.
 *
 * @param host that the library is for, such as {@code OpenCL}
 * @param name of the library
 * @param symbols its functions
 */
@SuppressWarnings("restricted") // this class exists to load libraries
public record SharedLibrary(String host, String name, SymbolLookup symbols) {
    /**
     * Loads a library; empty if it is not there.
     *
     * @throws IllegalStateException in one line if java was started without native access
     */
    public static Optional<SharedLibrary> load(String host, String name) {
        if (!SharedLibrary.class.getModule().isNativeAccessEnabled()) {
            throw new IllegalStateException(
                    host + " needs native access: start java with --enable-native-access=ALL-UNNAMED");
        }
        try {
            return Optional.of(new SharedLibrary(host, name, SymbolLookup.libraryLookup(name, Arena.global())));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /**
     * One of its functions.
     *
     * @throws DeviceException in one line if it has none of this name
     */
    public MethodHandle function(String function, MemoryLayout result, MemoryLayout... arguments) {
        try {
            return Linker.nativeLinker()
                    .downcallHandle(symbols.findOrThrow(function), FunctionDescriptor.of(result, arguments));
        } catch (NoSuchElementException _) {
            throw new DeviceException(host + " (" + name + "): expected a function " + function + ", found none");
        }
    }
}
