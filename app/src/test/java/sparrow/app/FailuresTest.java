package sparrow.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Whatever ends a command, the user gets one line that begins with the program's name, and never an exit code of 0. */
class FailuresTest {
    private final StringWriter err = new StringWriter();

    @Command(name = "fails")
    private record Fails(Callable<Integer> body) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            return body.call();
        }
    }

    private int run(PrintWriter out, Callable<Integer> body) {
        return Failures.install(new CommandLine(new Fails(body)))
                .setOut(out)
                .setErr(new PrintWriter(err))
                .execute();
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new StackOverflowError(), 1, "sparrow: nested too deeply for the stack"),
                Arguments.of(new OutOfMemoryError("Java heap space"), 1, "sparrow: out of memory (Java heap space)"),
                Arguments.of(
                        new InternalError("a fault occurred in an unsafe memory access operation"),
                        1,
                        "sparrow: a file in use was changed or could no longer be read"),
                Arguments.of(new FileAlreadyExistsException("x.part"), 1, "sparrow: x.part: already exists"),
                Arguments.of(new FileSystemException("x"), 1, "sparrow: x: FileSystemException"),
                Arguments.of(
                        new FileSystemException("x", null, "No space left on device"),
                        1,
                        "sparrow: x: No space left on device"),
                Arguments.of(
                        new InvalidPathException("a\0", "Nul character not allowed"),
                        2,
                        "sparrow: expected the name of a file, got \"a?\""),
                Arguments.of(
                        new UncheckedIOException(new ClosedByInterruptException()),
                        130,
                        "sparrow: stopped by the user"),
                Arguments.of(new FileLockInterruptionException(), 130, "sparrow: stopped by the user"),
                Arguments.of(
                        new ExecutionException(new CompletionException(new NoSuchFileException("x"))),
                        2,
                        "sparrow: x: no such file"),
                Arguments.of(new MalformedInputException(1), 1, "sparrow: expected UTF-8 text"),
                Arguments.of(new IllegalArgumentException("two\nlines"), 2, "sparrow: two lines"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void areToldInOneLine(Throwable failure, int code, String line) {
        int ended = run(new PrintWriter(OutputStream.nullOutputStream()), () -> {
            if (failure instanceof Error error) throw error;
            throw (Exception) failure;
        });

        assertThat(ended).isEqualTo(code);
        assertThat(err.toString().strip()).startsWith(line).doesNotContain("\n");
    }

    @Test
    void outputThatCouldNotBeWrittenIsAFailure() {
        PrintWriter full = new PrintWriter(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        });

        int ended = run(full, () -> {
            full.println("an answer");
            return 0;
        });

        assertThat(ended).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("sparrow: standard output could not be written\n");
    }
}
