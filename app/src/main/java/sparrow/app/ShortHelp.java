package sparrow.app;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The help of a command that shares most of its options with {@code ask}: its own are explained, the others are named. */
final class ShortHelp {
    /** Explained everywhere: the bundled model cannot do what these commands ask for. */
    private static final String MODEL = "--model";

    private ShortHelp() {}

    static void of(CommandLine command) {
        command.getCommandSpec().usageMessage().abbreviateSynopsis(true);
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, ShortHelp::options);
    }

    private static String options(Help help) {
        Set<OptionSpec> shared = help.commandSpec().mixins().values().stream()
                .flatMap(mixin -> mixin.options().stream())
                .filter(option -> !option.longestName().equals(MODEL))
                .collect(Collectors.toSet());
        List<OptionSpec> own = help.commandSpec().options().stream()
                .filter(option -> !shared.contains(option))
                .toList();
        String names = help.commandSpec().options().stream()
                .filter(shared::contains)
                .map(OptionSpec::longestName)
                .collect(Collectors.joining(", "));
        return help.optionListExcludingGroups(own)
                + wrapped(
                        "More options, which sparrow ask --help explains: " + names + ".",
                        help.commandSpec().usageMessage().width());
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
