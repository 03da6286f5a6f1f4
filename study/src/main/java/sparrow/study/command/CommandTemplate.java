package sparrow.study.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sparrow.formats.Printable;

/**
 * A program and its arguments, with placeholders in braces that are replaced by values: {@code espeak-ng -w {wav}
 * {text}}. Blanks separate arguments, unless they are within single or double quotation marks. The program is started
 * directly, without a shell, so a value can never be interpreted as a command or an additional argument.
 *
 * <p>Apache Commons Exec is not used, because it lacks the main features needed here: on a timeout, it stops the
 * program but not its child processes; it does not check placeholders; and it does not limit the output or return the
 * last error line.
 */
public final class CommandTemplate {
    private static final Pattern ARGUMENT = Pattern.compile("\\s*((?:[^\\s\"']|\"[^\"]*\"|'[^']*')+)");
    private static final Pattern PLACE = Pattern.compile("\\{([a-z]+)}");
    private static final int MAX_OUTPUT = 64 << 10;

    private final String template;
    private final List<String> arguments;
    private final Set<String> places;

    private CommandTemplate(String template, List<String> arguments, Set<String> places) {
        this.template = template;
        this.arguments = arguments;
        this.places = places;
    }

    /**
     * Parses a command line with placeholders.
     *
     * @param known names of the supported placeholders
     * @throws IllegalArgumentException if there is no program, a quotation mark is not closed, or a placeholder is not
     *     supported
     */
    public static CommandTemplate parse(String template, Set<String> known) {
        List<String> arguments = arguments(template);
        Set<String> places = new TreeSet<>();
        for (String argument : arguments)
            PLACE.matcher(argument).results().forEach(place -> places.add(place.group(1)));
        for (String place : places) {
            if (!known.contains(place)) {
                throw new IllegalArgumentException("command: expected placeholders named "
                        + String.join(", ", new TreeSet<>(known)) + ", found {" + place + "} in " + template);
            }
        }
        return new CommandTemplate(template, arguments, Set.copyOf(places));
    }

    private static List<String> arguments(String template) {
        List<String> arguments = new ArrayList<>();
        Matcher argument = ARGUMENT.matcher(template.strip());
        int end = 0;
        while (argument.lookingAt()) {
            arguments.add(argument.group(1).replaceAll("\"([^\"]*)\"|'([^']*)'", "$1$2"));
            end = argument.end();
            argument.region(end, argument.regionEnd());
        }
        if (arguments.isEmpty()) throw new IllegalArgumentException("command: expected a program, found none");
        if (end < template.strip().length()) {
            throw new IllegalArgumentException("command: expected a closing quotation mark in " + template);
        }
        return List.copyOf(arguments);
    }

    /** Returns whether the template contains the given placeholder. */
    public boolean takes(String place) {
        return places.contains(place);
    }

    /** Returns the program's name, for messages. */
    public String program() {
        return arguments.getFirst();
    }

    /**
     * Runs the program until it exits.
     *
     * @param values values of the placeholders
     * @param input standard input
     * @param timeout maximum duration, after which the program and its child processes are stopped
     * @return the first 64 KiB of its standard output
     * @throws IllegalArgumentException if the program cannot be started
     * @throws IOException if the exit code is not 0, with the last line of standard error in the message, or if the
     *     program takes too long
     */
    public String run(Map<String, String> values, String input, Duration timeout) throws IOException {
        Path folder = Files.createTempDirectory("sparrow-command-");
        Path in = folder.resolve("in");
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        try {
            Files.writeString(in, input);
            int code = exitCode(
                    new ProcessBuilder(filled(values))
                            .redirectInput(in.toFile())
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile()),
                    timeout);
            if (code != 0) throw new IOException(program() + ": exited with code " + code + lastLine(beginning(err)));
            return beginning(out);
        } finally {
            for (Path file : List.of(in, out, err, folder)) Files.deleteIfExists(file);
        }
    }

    private List<String> filled(Map<String, String> values) {
        return arguments.stream()
                .map(argument -> PLACE.matcher(argument)
                        .replaceAll(place -> Matcher.quoteReplacement(values.get(place.group(1)))))
                .toList();
    }

    private int exitCode(ProcessBuilder command, Duration timeout) throws IOException {
        Process process = start(command);
        try {
            if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) return process.exitValue();
            throw new IOException(program() + ": did not exit within " + timeout.toMillis() / 1000.0 + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(program() + ": interrupted");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Process start(ProcessBuilder command) {
        try {
            return command.start();
        } catch (IOException e) {
            String reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new IllegalArgumentException(program() + ": expected a program that can be started: " + reason, e);
        }
    }

    private static String beginning(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            return new String(bytes.readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8);
        }
    }

    private static String lastLine(String errors) {
        String last = errors.lines().filter(line -> !line.isBlank()).reduce("", (_, line) -> line);
        return last.isEmpty() ? "" : ": " + Printable.line(last.strip());
    }

    /** Returns the template's original text. */
    @Override
    public String toString() {
        return template;
    }
}
