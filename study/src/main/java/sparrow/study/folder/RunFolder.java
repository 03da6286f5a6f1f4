package sparrow.study.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sparrow.formats.BadFileException;

/**
 * The folder of one run: its settings, and its results so far ({@link ItemFiles}). A run is resumed if it is begun again with
 * the same settings; with others it is refused, because its results would be of neither. One process at a time works in a
 * folder.
 */
public final class RunFolder implements AutoCloseable {
    /** The file that keeps the settings of a run. */
    public static final String SETTINGS = "settings.json";

    private final Path folder;
    private final FolderLock lock;
    private final RunManifest manifest;

    private RunFolder(Path folder, FolderLock lock, RunManifest manifest) {
        this.folder = folder;
        this.lock = lock;
        this.manifest = manifest;
    }

    /**
     * Begins a run in a folder that is new or empty, or resumes the one that was begun there.
     *
     * @param settings a record of all that decides about the results, and of nothing else
     * @param mixedNumerics rule for an earlier part of other numerics
     * @throws BadFileException if the folder is that of a run with other settings, naming the first that differs, or if
     *     it holds anything else
     * @throws IllegalArgumentException if another process works in it
     * @throws IOException if it cannot be read or written
     */
    public static RunFolder open(Path folder, Object settings, MixedNumerics mixedNumerics) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new BadFileException(folder, "expected a folder, found a file");
        }
        Path kept = folder.resolve(SETTINGS);
        if (!Files.exists(kept)) checkEmpty(folder);
        Files.createDirectories(folder);
        FolderLock lock = FolderLock.of(folder);
        try {
            RunManifest asked = RunManifest.of(settings);
            if (Files.exists(kept)) return new RunFolder(folder, lock, asked.resume(kept, mixedNumerics));
            asked.write(kept);
            return new RunFolder(folder, lock, asked);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static void checkEmpty(Path folder) throws IOException {
        if (!isFree(folder)) {
            throw new BadFileException(
                    folder, "expected a new or empty folder or that of an earlier run, found other files");
        }
    }

    /**
     * Returns true if a run can begin in a folder: it does not exist, is empty, or contains only hidden files, such as
     * a lock, and the incomplete settings of a run that was killed before it had written them.
     */
    public static boolean isFree(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) return !Files.exists(folder);
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.map(file -> file.getFileName().toString())
                    .allMatch(name -> name.startsWith(".") || name.endsWith(".json.part"));
        }
    }

    /** The settings as they are kept, which may name the numerics of earlier parts. */
    public RunManifest manifest() {
        return manifest;
    }

    /** One line about results of several numerics; empty for those of one. */
    public Optional<String> mixture() {
        return mixture(folder, manifest);
    }

    /**
     * One line about results of several numerics, for a folder that is not open.
     *
     * @throws IOException if its settings cannot be read
     */
    public static Optional<String> mixture(Path folder) throws IOException {
        return mixture(folder, RunManifest.read(folder.resolve(SETTINGS)));
    }

    private static Optional<String> mixture(Path folder, RunManifest manifest) {
        List<String> numerics = manifest.numerics(folder.resolve(SETTINGS));
        if (numerics.size() == 1) return Optional.empty();
        return Optional.of("results of " + numerics.size() + " arithmetics, which differ in their last bits: "
                + String.join("; ", numerics));
    }

    /** The folder, for the files of its reports. */
    public Path path() {
        return folder;
    }

    /**
     * The results of the run, one file an item.
     *
     * @param kind the folder inside of this one
     * @param type a record that {@link RunJson} writes and reads
     */
    public <T> ItemFiles<T> items(String kind, Class<T> type) {
        return new ItemFiles<>(folder.resolve(kind), type);
    }

    /** Lets others work in the folder. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
