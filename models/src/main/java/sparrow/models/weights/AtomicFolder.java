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
 * A folder that appears under its name only when it is complete: its content grows in a hidden folder beside it, which
 * {@link #close()} removes if {@link #finish()} was not reached. The next process removes the hidden folder of a killed
 * one: as long as a process lives it holds a lock inside of its own.
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
     * Begins a folder.
     *
     * @throws IllegalArgumentException if it is there and not empty, or a file
     * @throws IOException if it cannot be made
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
        removeLeftBehind(target);
        // No process id: in a container every process has the same.
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

    /** Removes the hidden folders whose processes were killed. One without a lock is about to begin or to get its name. */
    private static void removeLeftBehind(Path target) throws IOException {
        Pattern hidden =
                Pattern.compile("\\." + Pattern.quote(target.getFileName().toString()) + "\\.[0-9a-f]{16}\\.part");
        List<Path> left;
        try (Stream<Path> siblings = Files.list(target.getParent())) {
            left = siblings.filter(sibling ->
                            hidden.matcher(sibling.getFileName().toString()).matches())
                    .toList();
        }
        for (Path part : left) {
            if (isLeftBehind(part.resolve(LOCK))) remove(part);
        }
    }

    private static boolean isLeftBehind(Path lock) {
        try (FileChannel channel = FileChannel.open(lock, WRITE)) {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException | IOException e) {
            // This very process writes it, or there is no lock (any more), or it belongs to another user.
            return false;
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    /** Returns the place of the content until the folder is complete. */
    public Path path() {
        return part;
    }

    /** Returns a folder inside, made if it is not there. */
    public Path folder(String name) throws IOException {
        return Files.createDirectories(part.resolve(name));
    }

    /**
     * Copies the files of a folder, and of those in it, that are wanted; hidden ones are left.
     *
     * @param to name of the folder inside this one
     * @throws IllegalArgumentException if this folder lies inside of that one
     */
    public void copy(Path from, String to, Predicate<Path> wanted) throws IOException {
        Path source = from.toRealPath();
        if (part.toRealPath().startsWith(source)) {
            throw new IllegalArgumentException(folder + ": expected a folder outside of " + from);
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
     * Gives the complete folder its name.
     *
     * @throws IOException if it cannot have it, since another folder with files has it by now
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
