package sparrow.app;

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

/** The {@code sparrow} command line. Exit codes: 0 done, 1 failed, 2 wrong use or unusable input, 130 interrupted. */
@Command(
        name = "sparrow",
        description = "Interleaved spoken language models on the JVM, with early exit (SPAR-K).",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            AskCommand.class,
            ChatCommand.class,
            TranscribeCommand.class,
            SayCommand.class,
            ServeCommand.class,
            InfoCommand.class,
            TokensCommand.class,
            VoiceCommand.class,
            ForwardCommand.class,
            ConvertCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow ask examples/q01.wav --out answer.wav",
            "  sparrow ask --model glm-4-voice/ --heads heads/ --exit even:36 q.wav",
            "  sparrow chat",
            "  sparrow serve",
            "",
            "Without --model the tiny bundled model answers. Exit codes: 0 done, 1 failed,",
            "2 wrong use or unusable input, 130 interrupted."
        })
public final class Main implements Runnable {
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
     * The whole command tree, with the commands of all {@link CommandProvider}s. A failure is one line, without a stack trace
     * unless asked for.
     */
    public static CommandLine commandLine() {
        CommandLine commands = new CommandLine(new Main());
        CommandProvider.found().forEach(commands::addSubcommand);
        CommandHelp.install(Settings.install(Numbers.install(Notations.install(commands))));
        return Failures.install(commands).setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** True if stack traces of failures are wanted. */
    boolean verbose() {
        return verbose;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
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
