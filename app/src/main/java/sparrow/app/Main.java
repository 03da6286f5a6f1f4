package sparrow.app;

import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import sparrow.app.answer.AskCommand;
import sparrow.app.answer.ChatCommand;
import sparrow.app.answer.SayCommand;
import sparrow.app.answer.TranscribeCommand;
import sparrow.app.console.Interruption;
import sparrow.app.convert.ConvertCommand;
import sparrow.app.convert.VoiceCommand;
import sparrow.app.inspect.ForwardCommand;
import sparrow.app.inspect.InfoCommand;
import sparrow.app.inspect.TokensCommand;
import sparrow.app.options.Notations;
import sparrow.app.options.Numbers;
import sparrow.app.options.Settings;
import sparrow.app.serve.ServeCommand;

/**
 * The {@code sparrow} command line. Exit codes: 0 success, 1 failure, 2 wrong usage or invalid input, 130 interrupted.
 */
@Command(
        name = "sparrow",
        description = "Run interleaved spoken language models on the JVM, with early exit (SPAR-K).",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow ask examples/q01.wav --out answer.wav",
            "  sparrow ask --model glm-4-voice/ --heads heads/ --exit even:36 q.wav",
            "  sparrow chat",
            "  sparrow serve",
            "",
            "Without --model, the tiny bundled model answers. Exit codes: 0 done, 1 failed,",
            "2 wrong usage or invalid input, 130 interrupted."
        })
public final class Main implements Runnable {
    private static final List<Class<?>> COMMANDS = List.of(
            AskCommand.class,
            ChatCommand.class,
            TranscribeCommand.class,
            SayCommand.class,
            ServeCommand.class,
            InfoCommand.class,
            TokensCommand.class,
            VoiceCommand.class,
            ForwardCommand.class,
            ConvertCommand.class,
            HelpCommand.class);

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show the stack trace of a failure.")
    private boolean verbose;

    @Spec
    private CommandSpec spec;

    /** Runs a command and exits the process with its exit code. */
    public static void main(String[] args) {
        Interruption interruption = Interruption.ofThisThread();
        int code = 1;
        try {
            code = commandLine(args).execute(args);
        } finally {
            interruption.finished();
        }
        System.exit(code);
    }

    /**
     * Returns a command line that can execute the arguments. To answer sooner, a question to the bundled model creates
     * only {@code ask}; wrong use is then reported by all commands, because the message may name another one.
     */
    static CommandLine commandLine(String... args) {
        boolean asksBundled = args.length > 0
                && args[0].equals("ask")
                && Stream.of(args).noneMatch(argument -> argument.startsWith("--model"));
        if (!asksBundled) return commandLine();
        CommandLine ask = installed(new CommandLine(new Main()).addSubcommand(AskCommand.class));
        return ask.setParameterExceptionHandler((wrong, typed) -> commandLine()
                .setOut(ask.getOut())
                .setErr(ask.getErr())
                .setColorScheme(ask.getColorScheme())
                .execute(typed));
    }

    /**
     * Returns the command line with the commands of all {@link CommandProvider}s. Failures are reported in one line,
     * with a stack trace only if {@code --verbose} is given.
     */
    public static CommandLine commandLine() {
        CommandLine commands = new CommandLine(new Main());
        COMMANDS.forEach(commands::addSubcommand);
        CommandProvider.found().forEach(commands::addSubcommand);
        return installed(commands);
    }

    private static CommandLine installed(CommandLine commands) {
        CommandHelp.install(Settings.install(Numbers.install(Notations.install(commands))));
        return Failures.install(commands).setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** Returns whether failures are reported with their stack traces. */
    boolean verbose() {
        return verbose;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Returns the program's name and the version in the manifest of its jar. */
    public static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return "sparrow " + (version == null ? "(development build)" : version);
    }

    /** Provides the output of {@code --version}. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {version()};
        }
    }
}
