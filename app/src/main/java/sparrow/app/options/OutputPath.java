package sparrow.app.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Checks output paths before a command starts long work. */
public final class OutputPath {
    private OutputPath() {}

    /**
     * Checks that a file can be written.
     *
     * @param option the option's name, for messages
     * @param file the file to write, or null if there is none
     * @throws IllegalArgumentException if the path is a folder or has no name, or its folder is missing or not writable
     */
    public static void expectFile(String option, Path file) {
        if (file == null) return;
        if (file.toString().isBlank()) throw refused(option, "expected a file name, got nothing");
        if (Files.isDirectory(file)) throw refused(option, "expected a file, " + file + " is a folder");
        boolean device = Files.exists(file) && !Files.isRegularFile(file);
        if (device) expectWritable(option, file);
        else expectWritableFolder(option, file.toAbsolutePath().getParent());
    }

    /**
     * Checks that a file can be written and is not also an argument of the command.
     *
     * @param option the option's name, for messages
     * @param file the file to write, or null if there is none
     * @param command the command whose arguments were parsed
     * @throws IllegalArgumentException if the file cannot be written or is named by another argument
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
     * Checks that a file can be written, is not also an argument of the command, and has a name that ends in .wav.
     *
     * @param option the option's name, for messages
     * @param file the file to write, or null if there is none
     * @param command the command whose arguments were parsed
     * @throws IllegalArgumentException if the name does not end in .wav, or the file cannot be written or is named by
     *     another argument
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
     * Checks that an output does not overwrite an input.
     *
     * @param option the name of the output's option, for messages
     * @throws IllegalArgumentException if the output and the input are the same file
     * @throws IOException if the files cannot be compared
     */
    public static void expectOther(String option, Path output, Path input) throws IOException {
        boolean both = Files.isRegularFile(output) && Files.isRegularFile(input);
        if (both && Files.isSameFile(output, input)) {
            throw refused(option, "expected another file than the input " + input);
        }
    }

    /**
     * Checks that a folder is writable or can be created.
     *
     * @param option the option's name, for messages
     * @throws IllegalArgumentException if the path is a file or has no name, or the folder or its nearest existing
     *     parent is not writable
     */
    public static void expectFolder(String option, Path folder) {
        if (folder.toString().isBlank()) throw refused(option, "expected a folder name, got nothing");
        Path there = folder.toAbsolutePath().normalize();
        if (Files.exists(there) && !Files.isDirectory(there)) {
            throw refused(option, "expected a folder, " + folder + " is a file");
        }
        // Missing parents are created with the folder.
        while (!Files.exists(there) && there.getParent() != null) there = there.getParent();
        expectWritableFolder(option, there);
    }

    /** Returns the path for one of several numbered outputs, such as {@code answer-2.wav} for {@code answer.wav}. */
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
        // Read-only and special file systems can be detected only by creating a file.
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
