package sparrow.app;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code sparrow} command line. Exit codes: 0 done, 1 failed, 2 wrong use or unusable input, 130 interrupted. */
@Command(
        name = "sparrow",
        description = "Interleaved spoken language models on the JVM, with early exit (SPAR-K).",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            AskCommand.class,
            ChatCommand.class,
            InfoCommand.class,
            TokensCommand.class,
            VoiceCommand.class,
            ForwardCommand.class,
            BenchCommand.class,
            ConvertCommand.class,
            SynthCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow ask examples/q01.wav --out answer.wav",
            "  sparrow ask --model glm-4-voice/ --heads heads/ --speech-exit even:36 q.wav --out a.wav",
            "  sparrow chat",
            "  sparrow info",
            "",
            "Without --model the tiny bundled model answers. Exit codes: 0 done, 1 failed, 2 wrong use or",
            "unusable input, 130 interrupted."
        })
public final class Main implements Runnable {
    /** What shells give a process that Ctrl-C ended. */
    static final int INTERRUPTED = 130;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show stack traces of failures.")
    private boolean verbose;

    @Spec
    private CommandSpec spec;

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        Interruption interruption = Interruption.ofThisThread();
        int code = 1;
        try {
            code = commandLine().execute(args);
        } finally {
            interruption.finished();
        }
        System.exit(code);
    }

    /**
     * The whole command tree, with what {@link CommandProvider}s add to it. A failure is one line, without a stack trace
     * unless asked for.
     */
    public static CommandLine commandLine() {
        CommandLine commands = new CommandLine(new Main());
        CommandProvider.found().forEach(commands::addSubcommand);
        return commands.setExecutionExceptionHandler((failure, command, parsed) -> {
                    PrintWriter err = command.getErr();
                    Main main = command.getCommandSpec().root().userObject() instanceof Main m ? m : new Main();
                    if (main.verbose) failure.printStackTrace(err);
                    else err.println("sparrow: " + message(failure));
                    err.flush();
                    return exitCode(failure);
                })
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static int exitCode(Exception failure) {
        return switch (failure) {
            case ClosedByInterruptException e -> INTERRUPTED;
            case InterruptedIOException e -> INTERRUPTED; // work that was stopped and says what is kept
            case IllegalArgumentException e -> 2;
            case NoSuchFileException e -> 2;
            default -> 1;
        };
    }

    private static String message(Exception failure) {
        return switch (failure) {
            case ClosedByInterruptException e -> "stopped by you";
            case NoSuchFileException e -> e.getFile() + ": no such file";
            case AccessDeniedException e -> e.getFile() + ": access denied";
            case FileSystemException e -> e.getFile() + ": " + e.getReason();
            case IOException e -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            case IllegalArgumentException e when e.getMessage() != null -> e.getMessage();
            case IllegalStateException e when e.getMessage() != null -> e.getMessage();
            default -> failure + " (run again with --verbose for where)";
        };
    }

    /** The name of the program and the version in its jar's manifest. */
    public static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return "sparrow " + (version == null ? "(development build)" : version);
    }

    /** For {@code --version}. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {version()};
        }
    }
}
