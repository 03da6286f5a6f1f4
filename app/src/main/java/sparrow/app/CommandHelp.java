package sparrow.app;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import sparrow.app.options.Settings;

/**
 * The help of the commands, which fits a screen. Settings are named only, and so are options that {@code sparrow ask --help} explains;
 * the commands of the laboratory stand behind the others.
 */
final class CommandHelp {
    private static final String EXPLAINING = "ask";

    /** The commands of the instrument; all others belong to the laboratory. */
    private static final List<String> ANSWERING =
            List.of("ask", "chat", "transcribe", "say", "serve", "info", "voice", "convert");

    /** Explained everywhere: the bundled model cannot do what many commands ask for. */
    private static final String MODEL = "--model";

    private CommandHelp() {}

    /** Makes a command tree show its help this way. */
    static CommandLine install(CommandLine root) {
        root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, CommandHelp::commands);
        below(root);
        return root;
    }

    private static void below(CommandLine command) {
        command.getCommandSpec().usageMessage().abbreviateSynopsis(true);
        Map<String, IHelpSectionRenderer> sections = command.getHelpSectionMap();
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, CommandHelp::options);
        command.setHelpSectionMap(sections);
        command.getSubcommands().values().forEach(CommandHelp::below);
    }

    private static String options(Help help) {
        CommandSpec command = help.commandSpec();
        int width = command.usageMessage().width();
        List<OptionSpec> plain = command.options().stream()
                .filter(option -> !Settings.isOne(option))
                .toList();
        List<OptionSpec> own =
                plain.stream().filter(option -> !isExplained(option, command)).toList();
        StringBuilder text = new StringBuilder(help.optionListExcludingGroups(
                own.stream().map(CommandHelp::told).toList()));
        String others = plain.stream()
                .filter(option -> isExplained(option, command))
                .map(OptionSpec::longestName)
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            text.append(wrapped("As sparrow " + EXPLAINING + " --help explains: " + others + ".", width));
        }
        List<String> keys = Settings.keys(command);
        if (!keys.isEmpty()) {
            text.append(wrapped("Settings (docs/commands.md#settings): " + String.join(", ", keys) + ".", width));
        }
        return text.toString();
    }

    /** The option as its help tells it: a required one says so. */
    private static OptionSpec told(OptionSpec option) {
        if (!option.required() || option.group() != null) return option;
        String[] lines = option.description().clone();
        lines[0] = "Required. " + lines[0];
        return option.toBuilder().description(lines).build();
    }

    /** True if the help of {@code ask} has the same option. */
    private static boolean isExplained(OptionSpec option, CommandSpec command) {
        CommandSpec explaining = command.root().subcommands().get(EXPLAINING).getCommandSpec();
        if (command == explaining
                || command.parent() == null
                || option.longestName().equals(MODEL)
                || option.usageHelp()) return false;
        OptionSpec other = explaining.findOption(option.longestName());
        return other != null && Arrays.equals(other.description(), option.description());
    }

    private static String commands(Help help) {
        if (help.commandSpec().parent() != null) return help.commandList();
        Map<String, Help> others = new LinkedHashMap<>(help.subcommands());
        Map<String, Help> answering = new LinkedHashMap<>();
        for (String name : ANSWERING) {
            if (others.containsKey(name)) answering.put(name, others.remove(name));
        }
        return help.commandList(answering)
                + System.lineSeparator()
                + "Laboratory:"
                + System.lineSeparator()
                + help.commandList(others);
    }

    private static String wrapped(String text, int width) {
        StringBuilder lines = new StringBuilder();
        int column = 0;
        for (String word : text.split(" ")) {
            boolean fits = column + 1 + word.length() < width;
            if (column > 0) lines.append(fits ? " " : System.lineSeparator());
            column = fits ? column + 1 + word.length() : word.length();
            lines.append(word);
        }
        return lines.append(System.lineSeparator()).toString();
    }
}
