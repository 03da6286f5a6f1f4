package sparrow.formats.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The folder of files that this program can make again. */
public final class CacheFolder {
    /** Begins the name of a folder whose content is still being unpacked. */
    private static final String UNPACKING = "unpacking";

    /** Unpacking takes seconds: what is older was left by a process that was killed. */
    private static final Duration LEFT = Duration.ofHours(1);

    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

    private CacheFolder() {}

    /** Writes the files of a folder. */
    @FunctionalInterface
    public interface Filling {
        /** Writes them into {@code partial}, which is there and empty. */
        void into(Path partial) throws IOException;
    }

    /** The folder of this process's user, which may not be there. */
    public static Path ofUser() {
        return of(System.getenv(), System.getProperty("user.home"));
    }

    /**
     * A folder in the cache. If it is not there, it is filled beside its place, where only this user may enter, and moved
     * there, so that no process ever sees half of it.
     *
     * @return {@code target}
     * @throws IOException if it cannot be filled; nothing of it is left then
     */
    public static Path filled(Path target, Filling filling) throws IOException {
        if (Files.isDirectory(target)) return target;
        make(target.getParent());
        removeLeftBehind(target.getParent());
        Path partial = Files.createTempDirectory(target.getParent(), UNPACKING);
        try {
            filling.into(partial);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            // Another process was first: its copy is as good.
            delete(partial);
        } catch (IOException e) {
            delete(partial);
            // The reason of the system alone, such as a full disk, does not name the file.
            if (e.getClass() != IOException.class) throw e;
            throw new FileSystemException(target.toString(), null, e.getMessage());
        }
        return target;
    }

    /**
     * Makes a folder in the cache and those above it, as far as they are not there. Only this user may enter them, as the XDG base
     * directory specification demands: another one could put a library there.
     */
    public static void make(Path folder) throws IOException {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (posix) Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER));
        else Files.createDirectories(folder);
    }

    /**
     * The folder of a user, by the XDG base directory specification. {@code HOME} goes before the home that the Java
     * machine knows, which it takes from the system's file of users and not from the environment.
     *
     * @param environment the process's variables
     * @param userHome the home of the Java machine
     */
    static Path of(Map<String, String> environment, String userHome) {
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        // The specification: relative paths are to be ignored.
        if (Path.of(xdg).isAbsolute()) return Path.of(xdg, "sparrow");
        String home = environment.getOrDefault("HOME", "");
        return Path.of(Path.of(home).isAbsolute() ? home : userHome, ".cache", "sparrow");
    }

    /** Removes what killed processes have left while they unpacked. */
    static void removeLeftBehind(Path cache) throws IOException {
        FileTime before = FileTime.from(Instant.now().minus(LEFT));
        List<Path> unpacking;
        try (Stream<Path> entries = Files.list(cache)) {
            unpacking = entries.filter(entry -> entry.getFileName().toString().startsWith(UNPACKING))
                    .toList();
        }
        for (Path folder : unpacking) {
            try {
                if (Files.getLastModifiedTime(folder).compareTo(before) < 0) delete(folder);
            } catch (NoSuchFileException _) {
                // Another process has moved it to its place, or removed it.
            }
        }
    }

    /** Removes a folder with all that is in it. */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
