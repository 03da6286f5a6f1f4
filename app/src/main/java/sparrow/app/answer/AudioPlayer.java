package sparrow.app.answer;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A program that plays WAV files. The JDK's own player is not used, because it belongs to the desktop module and many
 * systems have a sound server that it does not know.
 *
 * @param command the program and its options, before the name of the file
 */
record AudioPlayer(List<String> command) {
    private static final List<List<String>> KNOWN = List.of(
            List.of("pw-play"),
            List.of("paplay"),
            List.of("aplay", "-q"),
            List.of("afplay"),
            List.of("ffplay", "-nodisp", "-autoexit", "-loglevel", "error"),
            List.of("play", "-q"));

    /** Names of the programs that are looked for, in this order. */
    static String names() {
        return KNOWN.stream().map(List::getFirst).collect(Collectors.joining(", "));
    }

    /** Returns the first known program in a list of folders as in the environment variable {@code PATH}. */
    static Optional<AudioPlayer> find(String path) {
        for (List<String> known : KNOWN) {
            for (String folder : path.split(File.pathSeparator)) {
                if (folder.isEmpty()) continue;
                Path program = Path.of(folder, known.getFirst());
                if (!Files.isRegularFile(program) || !Files.isExecutable(program)) continue;
                List<String> command = new ArrayList<>(known);
                command.set(0, program.toString());
                return Optional.of(new AudioPlayer(command));
            }
        }
        return Optional.empty();
    }

    /**
     * Plays a file and returns at its end.
     *
     * @throws InterruptedIOException if the thread is interrupted, which stops the program
     * @throws IOException if the program fails; the message contains the last line that it printed
     */
    void play(Path wav) throws IOException {
        List<String> all = new ArrayList<>(command);
        all.add(wav.toString());
        Path printed = Files.createTempFile("sparrow-player", ".txt");
        try {
            Process process = new ProcessBuilder(all)
                    .redirectErrorStream(true)
                    .redirectOutput(printed.toFile())
                    .start();
            process.getOutputStream().close();
            int code = await(process);
            if (code != 0) {
                throw new IOException("--play: " + all.getFirst() + " ended with " + code + lastLine(printed));
            }
        } finally {
            Files.deleteIfExists(printed);
        }
    }

    private static int await(Process process) throws InterruptedIOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            throw new InterruptedIOException("the answer was not played to its end");
        }
    }

    private static String lastLine(Path printed) throws IOException {
        String text = new String(Files.readAllBytes(printed), StandardCharsets.UTF_8);
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        return lines.isEmpty() ? "" : ": " + lines.getLast().strip();
    }
}
