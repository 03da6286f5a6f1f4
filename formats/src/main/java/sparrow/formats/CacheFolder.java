package sparrow.formats;

import java.io.IOException;
import java.io.UncheckedIOException;
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

/** The user's cache folder. */
public final class CacheFolder {
    /** Prefix of the name of a folder that is being filled. */
    private static final String UNPACKING = "unpacking";

    /**
     * Age after which an incomplete folder is considered stale. Filling takes seconds, so the process that filled an
     * older folder was killed.
     */
    private static final Duration STALE_AFTER = Duration.ofHours(1);

    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

    private CacheFolder() {}

    /** Fills a new cache folder. */
    @FunctionalInterface
    public interface Filling {
        /** Writes the files to {@code partial}, which is an existing empty folder. */
        void into(Path partial) throws IOException;
    }

    /** Returns the folder of this process's user, which may not exist. */
    public static Path ofUser() {
        return of(System.getenv(), System.getProperty("user.home"));
    }

    /**
     * Returns a folder in the cache, filling it first if it does not exist. It is filled under a temporary name,
     * accessible only to this user, and then renamed, so that no process can access a partial folder.
     *
     * @return {@code target}
     * @throws IOException if the folder cannot be filled; in this case, no partial folder remains
     */
    public static Path filled(Path target, Filling filling) throws IOException {
        if (Files.isDirectory(target)) return target;
        create(target.getParent());
        deleteStale(target.getParent());
        Path partial = Files.createTempDirectory(target.getParent(), UNPACKING);
        try {
            filling.into(partial);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            delete(partial);
            // Another process filled the folder first with identical content. The type of the exception differs between
            // systems: on Linux, it is a plain FileSystemException.
            if (Files.isDirectory(target)) return target;
            // The message of a plain IOException, such as for a full disk, does not contain the file name.
            if (e.getClass() != IOException.class) throw e;
            throw new FileSystemException(target.toString(), null, e.getMessage());
        }
        return target;
    }

    /**
     * Returns a folder in the cache as {@link #filled} does. If the cache cannot be written, as in a container with a
     * read-only file system, returns a new temporary folder instead, which is deleted when the JVM exits, and logs a
     * warning.
     *
     * @return {@code target} or a temporary folder
     * @throws IOException if neither folder can be filled
     */
    public static Path filledAnywhere(Path target, Filling filling) throws IOException {
        return filledAnywhere(target, filling, Path.of(System.getProperty("java.io.tmpdir")));
    }

    static Path filledAnywhere(Path target, Filling filling, Path temporary) throws IOException {
        try {
            return filled(target, filling);
        } catch (IOException unwritable) {
            Path folder = filledTemporary(target, filling, temporary, unwritable);
            // Opening the log takes longer than starting without it.
            System.getLogger("sparrow.formats")
                    .log(
                            System.Logger.Level.WARNING,
                            "the cache " + target.getParent() + " cannot be written (" + unwritable
                                    + "): unpacked into " + folder + " for this process only; XDG_CACHE_HOME=FOLDER"
                                    + " selects another cache");
            return folder;
        }
    }

    private static Path filledTemporary(Path target, Filling filling, Path parent, IOException unwritable)
            throws IOException {
        try {
            Path folder = Files.createTempDirectory(parent, "sparrow-" + target.getFileName() + "-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteQuietly(folder)));
            filling.into(folder);
            return folder;
        } catch (IOException e) {
            throw new FileSystemException(
                    target.toString(),
                    null,
                    "cannot be unpacked there (" + unwritable + ") or in " + parent + ": " + e);
        }
    }

    private static void deleteQuietly(Path folder) {
        try {
            delete(folder);
        } catch (IOException _) {
            // The process ends, and the system deletes temporary files.
        }
    }

    /**
     * Creates a folder in the cache and its parents if they do not exist. Only this user can access them, as required
     * by the XDG base directory specification. Otherwise, another user could place a library there.
     */
    public static void create(Path folder) throws IOException {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (posix) Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER));
        else Files.createDirectories(folder);
    }

    /**
     * Returns a user's cache folder according to the XDG base directory specification. {@code HOME} takes precedence
     * over the JVM's {@code user.home}, which is read from the system's user database instead of the environment.
     *
     * @param environment the process's environment variables
     * @param userHome the JVM's {@code user.home}
     */
    static Path of(Map<String, String> environment, String userHome) {
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        // The specification requires relative paths to be ignored.
        if (Path.of(xdg).isAbsolute()) return Path.of(xdg, "sparrow");
        String home = environment.getOrDefault("HOME", "");
        return Path.of(Path.of(home).isAbsolute() ? home : userHome, ".cache", "sparrow");
    }

    /** Deletes partial folders of processes that were killed. */
    static void deleteStale(Path cache) throws IOException {
        FileTime before = FileTime.from(Instant.now().minus(STALE_AFTER));
        List<Path> unpacking;
        try (Stream<Path> entries = Files.list(cache)) {
            unpacking = entries.filter(entry -> entry.getFileName().toString().startsWith(UNPACKING))
                    .toList();
        }
        for (Path folder : unpacking) {
            try {
                if (Files.getLastModifiedTime(folder).compareTo(before) < 0) delete(folder);
            } catch (NoSuchFileException _) {
                // Another process has renamed or deleted it.
            }
        }
    }

    /** Deletes a folder and its contents. Another process may delete them at the same time. */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        } catch (NoSuchFileException _) {
            // The other process has deleted it.
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof NoSuchFileException)) throw e.getCause();
        }
    }
}
