package sparrow.app;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;
import sparrow.app.console.Interruption;
import sparrow.app.options.Settings;
import sparrow.engine.device.NoDeviceException;
import sparrow.formats.Printable;

/** Reports a command's failure as an exit code and one line that begins with the program's name. */
final class Failures {
    private static final int FAILED = 1;
    private static final int WRONG_USE = 2;

    private Failures() {}

    /** Makes a command and its subcommands use this failure handling. */
    static CommandLine install(CommandLine commands) {
        return commands.setExecutionStrategy(Failures::run)
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command))
                .setParameterExceptionHandler((wrong, args) -> wrongUse(wrong, List.of(args)));
    }

    /** Runs a command and reports all failures, including JVM errors and output that could not be written. */
    private static int run(ParseResult parsed) {
        CommandLine root = parsed.commandSpec().root().commandLine();
        PrintWriter out = root.getOut();
        int code;
        try {
            code = new RunLast().execute(parsed);
        } catch (StackOverflowError | OutOfMemoryError | InternalError | LinkageError e) {
            return failed(e, root);
        }
        // A PrintWriter reports failures only through checkError.
        if (code != 0 || !(out.checkError() | System.out.checkError())) return code;
        say(root, "standard output could not be written");
        return FAILED;
    }

    private static int failed(Throwable thrown, CommandLine command) {
        Throwable failure = unwrapped(thrown);
        Main main = command.getCommandSpec().root().userObject() instanceof Main m ? m : new Main();
        if (main.verbose()) thrown.printStackTrace(command.getErr());
        else say(command, Settings.placed(message(failure), command.getCommandSpec(), typed(command)));
        command.getErr().flush();
        return exitCode(failure);
    }

    /** Returns the cause if the exception only wraps its cause, or the exception itself otherwise. */
    private static Throwable unwrapped(Throwable failure) {
        boolean carries = failure instanceof UncheckedIOException
                || failure instanceof CompletionException
                || failure instanceof ExecutionException;
        return carries && failure.getCause() != null ? unwrapped(failure.getCause()) : failure;
    }

    private static List<String> typed(CommandLine command) {
        ParseResult parsed = command.getCommandSpec().root().commandLine().getParseResult();
        return parsed == null ? List.of() : parsed.originalArgs();
    }

    private static int wrongUse(ParameterException wrong, List<String> typed) {
        CommandLine command = wrong.getCommandLine();
        if (wrong instanceof Settings.HelpRequest) {
            command.getOut().println(CommandHelp.settings(command.getCommandSpec()));
            return 0;
        }
        String message = Settings.placed(message(wrong), command.getCommandSpec(), typed);
        say(command, message + " (see " + command.getCommandSpec().qualifiedName() + " --help)");
        return WRONG_USE;
    }

    private static void say(CommandLine command, String line) {
        PrintWriter err = command.getErr();
        err.println("sparrow: " + Printable.line(line.strip().replaceAll("\\s*\\R\\s*", " ")));
        err.flush();
    }

    private static String message(ParameterException wrong) {
        if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
            return wrong.getMessage()
                    .replaceFirst("^Error: ", "")
                    .replaceFirst("^Invalid value for option '([^']*)'( \\([^)]*\\))?: ", "$1: ");
        }
        String first = unmatched.getUnmatched().getFirst();
        String what =
                first.startsWith("-") || wrong.getCommandLine().getSubcommands().isEmpty() ? "option" : "command";
        if (what.equals("option") && !first.startsWith("-")) what = "argument";
        // The parser's order of suggestions ignores common prefixes, but users rarely mean a name that begins
        // differently.
        String near = unmatched.getSuggestions().stream()
                .filter(name -> first.startsWith("-") || name.charAt(0) == first.charAt(0))
                .limit(3)
                .collect(Collectors.joining(", "));
        return "unknown " + what + " '" + first + "'" + (near.isEmpty() ? "" : "; meant: " + near + "?");
    }

    private static int exitCode(Throwable failure) {
        return switch (failure) {
            case ClosedByInterruptException e -> Interruption.EXIT_CODE;
            case FileLockInterruptionException e -> Interruption.EXIT_CODE;
            case InterruptedIOException e -> Interruption.EXIT_CODE; // the message names the results that were saved
            case IllegalArgumentException e -> WRONG_USE;
            case NoSuchFileException e -> WRONG_USE;
            case NoDeviceException e -> WRONG_USE;
            default -> FAILED;
        };
    }

    private static String message(Throwable failure) {
        return switch (failure) {
            case ClosedByInterruptException e -> "stopped by the user";
            case FileLockInterruptionException e -> "stopped by the user";
            case FileSystemException e -> asNamed(e.getFile()) + ": " + reason(e);
            case InvalidPathException e -> "expected the name of a file, got \"" + e.getInput() + "\"";
            case CharacterCodingException e -> "expected UTF-8 text (" + e.getMessage() + ")";
            case IOException e when e.getMessage() != null -> e.getMessage();
            case IllegalArgumentException e when e.getMessage() != null -> e.getMessage();
            case IllegalStateException e when e.getMessage() != null -> e.getMessage();
            case NoDeviceException e -> e.getMessage();
            case OutOfMemoryError e ->
                "out of memory (" + e.getMessage() + "): expected more than the "
                        + (Runtime.getRuntime().maxMemory() >> 20) + " MiB of -Xmx";
            case StackOverflowError e -> "nested too deeply for the stack (run again with --verbose for details)";
            case InternalError e -> "a file in use was changed or could no longer be read (" + e.getMessage() + ")";
            default -> failure + " (run again with --verbose for details)";
        };
    }

    /** Returns the file's final path. A model folder has a hidden name until it is complete. */
    private static String asNamed(String file) {
        return String.valueOf(file).replaceAll("(^|/)\\.([^/]+)\\.[0-9a-f]{16}\\.part(/|$)", "$1$2$3");
    }

    private static String reason(FileSystemException e) {
        return switch (e) {
            case NoSuchFileException missing when missing.getReason() == null -> "no such file";
            case AccessDeniedException denied when denied.getReason() == null -> "access denied";
            case FileAlreadyExistsException there when there.getReason() == null -> "already exists";
            case DirectoryNotEmptyException full when full.getReason() == null -> "is a folder that is not empty";
            case NotDirectoryException file when file.getReason() == null -> "is not a folder";
            default -> e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
        };
    }
}
