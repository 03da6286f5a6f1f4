package sparrow.onednn;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sparrow.formats.CacheFolder;

/**
 * oneDNN's shared library, which is loaded for the lifetime of the process. It is loaded from the file named by the
 * system property {@code sparrow.onednn}. Without this property, the system's library path is searched, followed by the
 * artifact {@code org.bytedeco:dnnl} on the class path.
 *
 * @param symbols the library's functions
 * @param origin the place where the library was found
 */
@SuppressWarnings("restricted") // this class loads a library
record SharedLibrary(SymbolLookup symbols, String origin) {
    static final String PROPERTY = "sparrow.onednn";

    /** File names for interface version 3. Debian appends the minor version. */
    private static final List<String> NAMES = Stream.concat(
                    Stream.of("libdnnl.so.3"), IntStream.rangeClosed(4, 12).mapToObj(minor -> "libdnnl.so.3." + minor))
            .toList();

    private static final String IN_JAR = "org/bytedeco/dnnl/linux-x86_64/libdnnl.so.3";

    /**
     * Libraries that are linked to oneDNN and may be missing on a system. The loader searches oneDNN's folder first.
     */
    private static final List<String> COMPANIONS =
            List.of("org/bytedeco/dnnl/linux-x86_64/libgomp.so.1", "org/bytedeco/opencl/linux-x86_64/libOpenCL.so.1");

    private static final String HOW_TO_GET_IT =
            "install it (Debian, Ubuntu: apt-get install libdnnl3.6 or the like), put"
                    + " org.bytedeco:dnnl:3.8.1-1.5.12 and org.bytedeco:opencl:3.0-1.5.12 (both linux-x86_64) on the class path, or"
                    + " name a file with -D" + PROPERTY + "=FILE";

    /**
     * Finds and loads the library.
     *
     * @throws IllegalStateException if the library is not found; the one-line message names the places searched and how
     *     to install it
     */
    static SharedLibrary find() {
        String system = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
        if (!system.equals("Linux on amd64")) {
            throw new IllegalStateException("oneDNN is only supported with Linux on amd64, this is " + system);
        }
        if (!SharedLibrary.class.getModule().isNativeAccessEnabled()) {
            throw new IllegalStateException(
                    "oneDNN requires native access: start java with --enable-native-access=ALL-UNNAMED");
        }
        String named = System.getProperty(PROPERTY, "");
        return named.isEmpty()
                ? search(
                        NAMES,
                        SharedLibrary.class.getClassLoader(),
                        CacheFolder.ofUser().resolve("onednn"))
                : load(Path.of(named));
    }

    /** Loads the library from a file. */
    private static SharedLibrary load(Path file) {
        try {
            Path real = file.toRealPath();
            return new SharedLibrary(SymbolLookup.libraryLookup(real, Arena.global()), real.toString());
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "-D" + PROPERTY + "=" + file + ": expected the shared library of oneDNN, found "
                            + (Files.exists(file) ? "a file that cannot be loaded: " + e.getMessage() : "no file"),
                    e);
        }
    }

    /**
     * Searches the system's libraries, then the class path.
     *
     * @param names the file names to search for in the system's library path
     * @param cache the folder for the library from the class path
     */
    static SharedLibrary search(List<String> names, ClassLoader classPath, Path cache) {
        for (String name : names) {
            try {
                return new SharedLibrary(SymbolLookup.libraryLookup(name, Arena.global()), mapped(name));
            } catch (IllegalArgumentException _) {
                // There is no library with this name.
            }
        }
        if (classPath.getResource(IN_JAR) == null) {
            throw new IllegalStateException("oneDNN is not found, neither as " + names.getFirst() + " or "
                    + names.getFirst() + ".N in the system's library folders nor as " + IN_JAR
                    + " on the class path: " + HOW_TO_GET_IT);
        }
        try {
            return ofClassPath(UnpackedLibrary.in(cache, classPath, IN_JAR, COMPANIONS));
        } catch (IOException | IllegalArgumentException _) {
            // The cache cannot be written, or libraries cannot be loaded from it.
        }
        try {
            return unpacked(classPath);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "oneDNN from the class path (" + IN_JAR + ") cannot be loaded from a folder in "
                            + System.getProperty("java.io.tmpdir") + ": " + e.getMessage(),
                    e);
        }
    }

    /** Unpacks the library to a temporary folder that only this user can access, loads it, and deletes the folder. */
    private static SharedLibrary unpacked(ClassLoader classPath) throws IOException {
        Path folder = Files.createTempDirectory("sparrow-onednn");
        List<Path> written = new ArrayList<>();
        try {
            for (String companion : COMPANIONS) {
                if (classPath.getResource(companion) != null) written.add(write(classPath, companion, folder));
            }
            Path library = write(classPath, IN_JAR, folder);
            written.add(library);
            return ofClassPath(library);
        } finally {
            for (Path file : written) Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }

    private static SharedLibrary ofClassPath(Path file) {
        return new SharedLibrary(
                SymbolLookup.libraryLookup(file, Arena.global()), "org.bytedeco:dnnl on the class path");
    }

    private static Path write(ClassLoader classPath, String resource, Path folder) throws IOException {
        Path file = folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
        try (InputStream in = classPath.getResourceAsStream(resource)) {
            Files.copy(in, file);
        }
        return file;
    }

    /** Returns the file from which a system library was loaded, or its name if the file cannot be determined. */
    private static String mapped(String name) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            Optional<String> file = lines.filter(line -> line.contains("/libdnnl.so"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .findFirst();
            return file.orElse(name);
        } catch (IOException _) {
            return name;
        }
    }
}
