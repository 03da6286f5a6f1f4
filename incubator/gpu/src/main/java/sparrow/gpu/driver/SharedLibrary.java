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
 * A system library, which remains loaded until the process exits. The host's package defines the names; no argument and
 * none of our environment variables can choose a library.
 *
 * @param host name of the host that uses the library, such as {@code OpenCL}
 * @param name name of the library
 * @param symbols functions of the library
 */
@SuppressWarnings("restricted") // The purpose of this class is to load libraries.
public record SharedLibrary(String host, String name, SymbolLookup symbols) {
    /**
     * Loads a library.
     *
     * @return the library, or empty if it is not installed
     * @throws IllegalStateException if java was started without native access; the message is one line
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
     * Returns a handle of a library function.
     *
     * @throws DeviceException if the library has no such function; the message is one line
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
