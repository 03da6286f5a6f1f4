package sparrow.app;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code sparrow help}, which explains a command or all settings. */
@Command(
        name = "help",
        description = "Explain a command or all settings.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  sparrow help settings", "  sparrow help study compare"})
final class HelpCommand implements Runnable {
    private static final List<String> SETTINGS = List.of("settings");

    @Parameters(paramLabel = "TOPIC", arity = "0..*", description = "Command to explain, or settings.")
    private List<String> topic = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        CommandLine explained = spec.root().commandLine();
        if (topic.equals(SETTINGS)) {
            spec.commandLine().getOut().println(CommandHelp.settings(spec.root()));
            return;
        }
        for (String name : topic) {
            CommandLine subcommand = explained.getSubcommands().get(name);
            if (subcommand == null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "unknown command '" + String.join(" ", topic) + "'; expected settings or a command that "
                                + spec.root().name() + " --help lists");
            }
            explained = subcommand;
        }
        explained.usage(spec.commandLine().getOut());
    }
}
