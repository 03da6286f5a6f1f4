package sparrow.app.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

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
     * Refuses also a file that the command reads.
     *
     * @param option that names the file, for messages
     * @param file null if nothing is to be written
     * @param command whose arguments were parsed
     * @throws IllegalArgumentException if no file can be written there, or another argument names the same file
     * @throws IOException if the files cannot be compared
     */
    public static void expectFile(String option, Path file, CommandSpec command) throws IOException {
        expectFile(option, file);
        if (file == null) return;
        for (ArgSpec argument : command.commandLine().getParseResult().matchedArgs()) {
            if (argument instanceof OptionSpec named && named.longestName().equals(option)) continue;
            Object given = argument.getValue();
            for (Object value : given instanceof List<?> several ? several : List.of(given)) {
                if (value instanceof Path input) expectOther(option, file, input);
            }
        }
    }

    /**
     * Refuses also another ending than .wav: all sound is written as WAV.
     *
     * @param option that names the file, for messages
     * @param file null if nothing is to be written
     * @param command whose arguments were parsed
     * @throws IllegalArgumentException if it ends otherwise, no file can be written there, or another argument names the same
     *     file
     * @throws IOException if the files cannot be compared
     */
    public static void expectWave(String option, Path file, CommandSpec command) throws IOException {
        expectFile(option, file, command);
        if (file == null || Files.exists(file) && !Files.isRegularFile(file)) return; // a device or a pipe
        String name = file.getFileName().toString();
        if (name.lastIndexOf('.') > 0 && !name.toLowerCase(Locale.ROOT).endsWith(".wav")) {
            throw refused(option, "expected a name that ends with .wav, got " + file);
        }
    }

    /**
     * Refuses to write over a file that is read.
     *
     * @param option that names the output, for messages
     * @throws IllegalArgumentException if both are the same file
     * @throws IOException if they cannot be compared
     */
    public static void expectOther(String option, Path output, Path input) throws IOException {
        boolean both = Files.isRegularFile(output) && Files.isRegularFile(input);
        if (both && Files.isSameFile(output, input)) {
            throw refused(option, "expected another file than the input " + input);
        }
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

    /** The file of one of several outputs: {@code answer.wav} to {@code answer-2.wav}. */
    public static Path numbered(Path pattern, int number) {
        String name = pattern.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String ending = dot > 0 ? name.substring(dot) : "";
        return pattern.resolveSibling(stem + "-" + number + ending);
    }

    private static void expectWritableFolder(String option, Path folder) {
        if (!Files.exists(folder)) throw refused(option, folder + ": no such folder");
        if (!Files.isDirectory(folder)) throw refused(option, folder + " is a file, not a folder");
        expectWritable(option, folder);
        // Read-only and special file systems are told only by a file.
        try {
            Files.delete(Files.createTempFile(folder, ".sparrow-", ".part"));
        } catch (IOException e) {
            throw refused(option, folder + ": cannot be written to");
        }
    }

    private static void expectWritable(String option, Path path) {
        if (!Files.isWritable(path)) throw refused(option, path + ": cannot be written to");
    }

    private static IllegalArgumentException refused(String option, String why) {
        return new IllegalArgumentException(option + ": " + why);
    }
}
