package sparrow.models.weights;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A folder that appears under its name only when it is complete: its content grows in a hidden folder beside it, which
 * {@link #close()} removes if {@link #finish()} was not reached.
 */
public final class NewFolder implements AutoCloseable {
    private final Path folder;
    private final Path part;

    private NewFolder(Path folder, Path part) {
        this.folder = folder;
        this.part = part;
    }

    /**
     * Begins a folder.
     *
     * @throws IllegalArgumentException if it is there and not empty, or a file
     * @throws IOException if it cannot be made
     */
    public static NewFolder begin(Path folder) throws IOException {
        Path target = folder.toAbsolutePath().normalize();
        if (Files.isRegularFile(target))
            throw new IllegalArgumentException(folder + ": expected a folder, found a file");
        if (Files.isDirectory(target) && !isEmpty(target)) {
            throw new IllegalArgumentException(folder + ": expected a new or empty folder, found one with files");
        }
        if (target.getFileName() == null) throw new IllegalArgumentException(folder + ": expected a new folder");
        Files.createDirectories(target.getParent());
        Path part = target.resolveSibling(
                "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        return new NewFolder(target, Files.createDirectory(part));
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    /** Where the content goes until the folder is complete. */
    public Path path() {
        return part;
    }

    /** A folder inside, made if it is not there. */
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

    /** Gives the complete folder its name. */
    public void finish() throws IOException {
        Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        if (!Files.isDirectory(part)) return;
        try (Stream<Path> files = Files.walk(part)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
