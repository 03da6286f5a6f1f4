package sparrow.study.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sparrow.formats.BadFileException;

/**
 * The folder of a run: its settings, and its results so far ({@link ItemFiles}). A run is resumed if it is started
 * again with equal settings. Other settings are rejected, because the combined results would match neither the old nor
 * the new settings. A folder is used by one process at a time.
 */
public final class RunFolder implements AutoCloseable {
    /** Name of the settings file. */
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
     * Starts a run in a new or empty folder, or resumes the run in the folder.
     *
     * @param settings a record of exactly those values that determine the results
     * @param mixedNumerics rule for earlier results with other numerics
     * @throws BadFileException if the folder contains other files, or a run with other settings; the message contains
     *     the first setting that differs
     * @throws IllegalArgumentException if another process uses the folder
     * @throws IOException if the folder cannot be read or written
     */
    public static RunFolder open(Path folder, Object settings, MixedNumerics mixedNumerics) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new BadFileException(folder, "expected a folder, found a file");
        }
        Path settingsFile = folder.resolve(SETTINGS);
        if (!Files.exists(settingsFile)) checkEmpty(folder);
        Files.createDirectories(folder);
        FolderLock lock = FolderLock.of(folder);
        try {
            RunManifest requested = RunManifest.of(settings);
            if (Files.exists(settingsFile))
                return new RunFolder(folder, lock, requested.resume(settingsFile, mixedNumerics));
            requested.write(settingsFile);
            return new RunFolder(folder, lock, requested);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static void checkEmpty(Path folder) throws IOException {
        if (!isFree(folder)) {
            throw new BadFileException(
                    folder, "expected a new or empty folder, or the folder of a run, found other files");
        }
    }

    /**
     * Returns whether a run can start in a folder: it does not exist, is empty, or contains only hidden files, such as
     * a lock, or incomplete settings of a run that was killed while writing them.
     */
    public static boolean isFree(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) return !Files.exists(folder);
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.map(file -> file.getFileName().toString())
                    .allMatch(name -> name.startsWith(".") || name.endsWith(".json.part"));
        }
    }

    /** Returns the stored settings, which may list the numerics of earlier results. */
    public RunManifest manifest() {
        return manifest;
    }

    /** Returns one line about results with different numerics, or empty if all results have equal numerics. */
    public Optional<String> mixedNumericsNote() {
        return mixedNumericsNote(folder, manifest);
    }

    /**
     * Returns one line about results with different numerics for a folder that is not open.
     *
     * @throws IOException if the settings cannot be read
     */
    public static Optional<String> mixedNumericsNote(Path folder) throws IOException {
        return mixedNumericsNote(folder, RunManifest.read(folder.resolve(SETTINGS)));
    }

    private static Optional<String> mixedNumericsNote(Path folder, RunManifest manifest) {
        List<String> numerics = manifest.numerics(folder.resolve(SETTINGS));
        if (numerics.size() == 1) return Optional.empty();
        return Optional.of("results of " + numerics.size() + " arithmetics, which differ in their last bits: "
                + String.join("; ", numerics));
    }

    /** Returns the path of the folder, for report files. */
    public Path path() {
        return folder;
    }

    /**
     * Returns the results of the run, one file per item.
     *
     * @param kind name of the subfolder
     * @param type a record that {@link RunJson} can write and read
     */
    public <T> ItemFiles<T> items(String kind, Class<T> type) {
        return new ItemFiles<>(folder.resolve(kind), type);
    }

    /** Releases the folder for other processes. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
