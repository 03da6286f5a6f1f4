package sparrow.models.weights;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder that becomes visible under its name only when it is complete. Its files are written to a hidden sibling
 * folder, which {@link #close()} deletes if {@link #finish()} was not called. A process holds a lock on a file in its
 * hidden folder, so that the next process can delete the folders of processes that were killed.
 */
public final class AtomicFolder implements AutoCloseable {
    private static final String LOCK = ".lock";

    private final Path folder;
    private final Path part;
    private final FileChannel lock;

    private AtomicFolder(Path folder, Path part, FileChannel lock) {
        this.folder = folder;
        this.part = part;
        this.lock = lock;
    }

    /**
     * Creates the hidden folder.
     *
     * @throws IllegalArgumentException if the target is a file or a folder that is not empty
     * @throws IOException if the folder cannot be created
     */
    public static AtomicFolder begin(Path folder) throws IOException {
        Path target = folder.toAbsolutePath().normalize();
        if (Files.isRegularFile(target))
            throw new IllegalArgumentException(folder + ": expected a folder, found a file");
        if (Files.isDirectory(target) && !isEmpty(target)) {
            throw new IllegalArgumentException(folder + ": expected a new or empty folder, found one with files");
        }
        if (target.getFileName() == null) throw new IllegalArgumentException(folder + ": expected a new folder");
        Files.createDirectories(target.getParent());
        deleteAbandoned(target);
        // The process id cannot be used, because it may be the same in all containers.
        String unique = "%016x".formatted(ThreadLocalRandom.current().nextLong());
        Path part = Files.createDirectory(target.resolveSibling("." + target.getFileName() + "." + unique + ".part"));
        FileChannel lock = FileChannel.open(part.resolve(LOCK), CREATE, WRITE);
        try {
            lock.lock();
            return new AtomicFolder(target, part, lock);
        } catch (IOException e) {
            lock.close();
            remove(part);
            throw e;
        }
    }

    /** Deletes the hidden folders of killed processes. A folder without a lock file is being created or finished. */
    private static void deleteAbandoned(Path target) throws IOException {
        Pattern hidden =
                Pattern.compile("\\." + Pattern.quote(target.getFileName().toString()) + "\\.[0-9a-f]{16}\\.part");
        List<Path> left;
        try (Stream<Path> siblings = Files.list(target.getParent())) {
            left = siblings.filter(sibling ->
                            hidden.matcher(sibling.getFileName().toString()).matches())
                    .toList();
        }
        for (Path part : left) {
            if (isAbandoned(part.resolve(LOCK))) remove(part);
        }
    }

    private static boolean isAbandoned(Path lock) {
        try (FileChannel channel = FileChannel.open(lock, WRITE)) {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException | IOException e) {
            // This process is writing the folder, the folder has no lock file, or it belongs to another user.
            return false;
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    /** Returns the hidden folder, which contains the files until {@link #finish()}. */
    public Path path() {
        return part;
    }

    /** Returns a subfolder, which is created if necessary. */
    public Path folder(String name) throws IOException {
        return Files.createDirectories(part.resolve(name));
    }

    /**
     * Copies the selected files in a folder and its subfolders. Hidden files are not copied.
     *
     * @param to the name of the subfolder to copy to
     * @param wanted a predicate that selects files by their path relative to {@code from}
     * @throws IllegalArgumentException if this folder is inside {@code from}
     */
    public void copy(Path from, String to, Predicate<Path> wanted) throws IOException {
        Path source = from.toRealPath();
        if (part.toRealPath().startsWith(source)) {
            throw new IllegalArgumentException(folder + ": expected a folder outside " + from);
        }
        Path target = folder(to);
        try (Stream<Path> files = Files.walk(source, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Path name = source.relativize(file);
                if (isHidden(name) || !wanted.test(name)) continue;
                Path copy = target.resolve(name);
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    private static boolean isHidden(Path name) {
        for (Path step : name) if (step.toString().startsWith(".")) return true;
        return false;
    }

    /**
     * Renames the complete folder to its final name.
     *
     * @throws IOException if the folder cannot be renamed, for example because another process has created a folder
     *     with that name
     */
    public void finish() throws IOException {
        Files.delete(part.resolve(LOCK));
        Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        lock.close();
        if (Files.isDirectory(part)) remove(part);
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
