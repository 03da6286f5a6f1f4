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
 * A program and its arguments, with places in braces into which values are put: {@code espeak-ng -w {wav} {text}}. Blanks
 * separate arguments, single or double quotation marks keep them together. The program is started as it stands: no shell
 * sees the line, so nothing in a value can become a command or a second argument.
 *
 * <p>By hand, since Apache Commons Exec ends at a timeout the program alone and not what that has started, knows no places
 * that a line must or must not have, and leaves output, its bound and the last line of errors to its user: what is left is
 * the splitting of a line.
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
     * Reads a template.
     *
     * @param known the names of the values that there will be
     * @throws IllegalArgumentException if there is no program, a quotation mark is left open, or a place has another name
     */
    public static CommandTemplate parse(String template, Set<String> known) {
        List<String> arguments = arguments(template);
        Set<String> places = new TreeSet<>();
        for (String argument : arguments)
            PLACE.matcher(argument).results().forEach(place -> places.add(place.group(1)));
        for (String place : places) {
            if (!known.contains(place)) {
                throw new IllegalArgumentException("command: expected places named "
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

    /** True if the command has a place for a value. */
    public boolean takes(String place) {
        return places.contains(place);
    }

    /** The program, for messages. */
    public String program() {
        return arguments.getFirst();
    }

    /**
     * Runs the program to its end.
     *
     * @param values texts for the places
     * @param input its standard input
     * @param timeout after which it and what it started is ended
     * @return what it wrote to its standard output, at most 64 KiB of it
     * @throws IllegalArgumentException if it cannot be started
     * @throws IOException with the last line of its standard error, if it ends with another code than 0; or if it takes
     *     too long
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
            if (code != 0) throw new IOException(program() + ": ended with code " + code + lastLine(beginning(err)));
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
            throw new IOException(program() + ": did not end within " + timeout.toMillis() / 1000.0 + " s");
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

    /** The template as it was given. */
    @Override
    public String toString() {
        return template;
    }
}
