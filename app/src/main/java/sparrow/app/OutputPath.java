package sparrow.app;

import java.nio.file.Files;
import java.nio.file.Path;

/** Checks the place of a command's output before the command begins long work. */
public final class OutputPath {
    private OutputPath() {}

    /**
     * Refuses a path that no file can be written to.
     *
     * @param option that names the file, for messages
     * @param file null if nothing is to be written
     * @throws IllegalArgumentException if it is a folder or no name, or lies in none that can be written in
     */
    public static void expectFile(String option, Path file) {
        if (file == null) return;
        if (file.toString().isBlank()) throw refused(option, "expected the name of a file, got nothing");
        if (Files.isDirectory(file)) throw refused(option, "expected a file, " + file + " is a folder");
        boolean device = Files.exists(file) && !Files.isRegularFile(file);
        if (device) expectWritable(option, file);
        else expectWritableFolder(option, file.toAbsolutePath().getParent());
    }

    /**
     * Refuses a path that no folder can be made of, or that no file can be written in.
     *
     * @param option that names the folder, for messages
     * @throws IllegalArgumentException if it is a file or no name, or neither it nor the nearest folder above it can be written
     *     in
     */
    public static void expectFolder(String option, Path folder) {
        if (folder.toString().isBlank()) throw refused(option, "expected the name of a folder, got nothing");
        Path there = folder.toAbsolutePath().normalize();
        if (Files.exists(there) && !Files.isDirectory(there)) {
            throw refused(option, "expected a folder, " + folder + " is a file");
        }
        // Missing folders above it are made with it.
        while (!Files.exists(there) && there.getParent() != null) there = there.getParent();
        expectWritableFolder(option, there);
    }

    private static void expectWritableFolder(String option, Path folder) {
        if (!Files.exists(folder)) throw refused(option, folder + ": no such folder");
        if (!Files.isDirectory(folder)) throw refused(option, folder + " is a file, not a folder");
        expectWritable(option, folder);
    }

    private static void expectWritable(String option, Path path) {
        if (!Files.isWritable(path)) throw refused(option, path + ": cannot be written to");
    }

    private static IllegalArgumentException refused(String option, String why) {
        return new IllegalArgumentException(option + ": " + why);
    }
}
