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
 * Formats command help to fit the screen. Settings and options that {@code sparrow ask --help} explains are listed by
 * name only. The laboratory commands are listed last.
 */
final class CommandHelp {
    private static final String EXPLAINING = "ask";

    /** Commands for using models, which are listed before the laboratory commands. */
    private static final List<String> ANSWERING =
            List.of("ask", "chat", "transcribe", "say", "serve", "info", "voice", "convert");

    /** An option that every command explains, because many commands require a model larger than the bundled model. */
    private static final String MODEL = "--model";

    private static final int INDENT = 6;

    private CommandHelp() {}

    /** Makes a command and its subcommands use this help. */
    static CommandLine install(CommandLine root) {
        root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, CommandHelp::commands);
        installIn(root);
        return root;
    }

    private static void installIn(CommandLine command) {
        command.getCommandSpec().usageMessage().abbreviateSynopsis(true);
        Map<String, IHelpSectionRenderer> sections = command.getHelpSectionMap();
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, CommandHelp::options);
        command.setHelpSectionMap(sections);
        command.getSubcommands().values().forEach(CommandHelp::installIn);
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
                own.stream().map(CommandHelp::described).toList()));
        String others = plain.stream()
                .filter(option -> isExplained(option, command))
                .map(OptionSpec::longestName)
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            text.append(wrapped("Options explained by sparrow " + EXPLAINING + " --help: " + others + ".", width));
        }
        List<String> keys = Settings.keys(command);
        if (!keys.isEmpty()) {
            text.append(wrapped("Settings explained by --set help: " + String.join(", ", keys) + ".", width));
        }
        return text.toString();
    }

    /** Returns the option, with "Required." at the start of its description if it is required. */
    private static OptionSpec described(OptionSpec option) {
        if (!option.required() || option.group() != null) return option;
        String[] lines = option.description().clone();
        lines[0] = "Required. " + lines[0];
        return option.toBuilder().description(lines).build();
    }

    /** Returns whether the help of {@code ask} explains the option. */
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

    /** Returns an explanation of all settings of a command and its subcommands. */
    static String settings(CommandSpec command) {
        int width = command.usageMessage().width();
        StringBuilder text = new StringBuilder();
        Settings.groups(command).forEach((owners, settings) -> {
            if (command.parent() == null) {
                text.append(wrapped("Settings of " + owners.replace("`", "") + ":", width));
            }
            for (OptionSpec setting : settings) {
                text.append("  --set ").append(Settings.assignment(setting)).append(System.lineSeparator());
                text.append(wrapped(String.join(" ", setting.description()).formatted(), width - INDENT)
                        .indent(INDENT));
            }
            text.append(System.lineSeparator());
        });
        return text.toString().stripTrailing();
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
