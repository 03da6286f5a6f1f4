package sparrow.rules;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import sparrow.app.options.Settings;

/**
 * The generated parts of docs/commands.md: between {@code <!-- usage: ask -->} and {@code <!-- end -->} stands what picocli
 * knows about a command. Options that several commands share stand once, in the part {@code shared options}, and settings that
 * several commands share in the part {@code settings}.
 */
final class CommandReference {
    static final String SHARED = "shared options";
    static final String SETTINGS = "settings";

    private static final Pattern PART =
            Pattern.compile("(?<begin><!-- usage: (?<name>[a-z ]+) -->\n).*?(?=<!-- end -->)", Pattern.DOTALL);
    private static final int SHARING = 3;

    /** Not listed with a command: every command has them. */
    private static final List<String> EVERYWHERE = List.of("--help", "--verbose", "--version");

    /** Listed with a command as "the model options". */
    private static final List<String> OF_A_MODEL = List.of("--device", "--heads", "--model", "--set", "--threads");

    private final CommandSpec root;
    private final Map<String, CommandSpec> commands;

    /** One option of those that are spelled and described alike, by its name. */
    private final Map<String, OptionSpec> shared;

    /** @param without commands that the page leaves to others */
    CommandReference(CommandLine root, Set<String> without) {
        this.root = root.getCommandSpec();
        commands = leaves(this.root)
                .filter(spec -> !without.contains(name(spec)))
                .collect(Collectors.toMap(CommandReference::name, spec -> spec, (a, b) -> a, LinkedHashMap::new));
        shared = commands.values().stream()
                .flatMap(spec -> spec.options().stream())
                .filter(option -> !Settings.isOne(option))
                .collect(Collectors.groupingBy(CommandReference::row, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .filter(same -> same.size() >= SHARING)
                .map(List::getFirst)
                .collect(Collectors.toMap(OptionSpec::longestName, option -> option, (a, b) -> a, TreeMap::new));
    }

    /** The commands that do something, as one types them behind {@code sparrow}. */
    List<String> names() {
        return List.copyOf(commands.keySet());
    }

    /** The commands that do something. */
    Collection<CommandSpec> commands() {
        return commands.values();
    }

    /** The page with its generated parts made anew. */
    String in(String page) {
        return PART.matcher(page).replaceAll(part -> Matcher.quoteReplacement(generated(part)));
    }

    /** The names of the parts of a page. */
    static List<String> parts(String page) {
        return PART.matcher(page).results().map(part -> part.group("name")).toList();
    }

    private String generated(MatchResult part) {
        String name = part.group("name");
        CommandSpec spec = commands.get(name);
        String text = name.equals(SETTINGS)
                ? settings()
                : name.equals(SHARED) || spec == null ? list(shared.values().stream()) : usage(spec);
        return part.group("begin") + "\n" + text + "\n";
    }

    private static Stream<CommandSpec> leaves(CommandSpec spec) {
        if (spec.subcommands().isEmpty()) return Stream.of(spec);
        return spec.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .flatMap(CommandReference::leaves);
    }

    private static String name(CommandSpec spec) {
        return spec.qualifiedName().replaceFirst("^sparrow ", "");
    }

    private String usage(CommandSpec spec) {
        StringBuilder text = new StringBuilder(lines(spec.usageMessage().description())).append("\n\n");
        Stream<ArgSpec> own = Stream.concat(
                spec.positionalParameters().stream(),
                spec.options().stream().filter(option -> !isShared(option) && !Settings.isOne(option)));
        text.append(list(own)).append(settings(spec));
        String others = others(spec);
        if (!others.isEmpty())
            text.append("\n[Shared options](#shared-options): ").append(others).append(".\n");
        return text.append(footer(spec.usageMessage().footer())).toString();
    }

    /** The shared options of a command. */
    private String others(CommandSpec spec) {
        List<String> names = spec.options().stream()
                .filter(this::isShared)
                .map(OptionSpec::longestName)
                .filter(name -> !EVERYWHERE.contains(name))
                .sorted()
                .toList();
        boolean hasModel = names.containsAll(OF_A_MODEL);
        Stream<String> rest = names.stream()
                .filter(name -> !hasModel || !OF_A_MODEL.contains(name))
                .map(name -> "`" + name + "`");
        return Stream.concat(hasModel ? Stream.of("the model options") : Stream.empty(), rest)
                .collect(Collectors.joining(", "));
    }

    /** The settings of several commands. Those of one command stand with the command. */
    private String settings() {
        return Settings.groups(root).entrySet().stream()
                .filter(group -> commands.keySet().stream().noneMatch(name -> isOf(name, group.getKey())))
                .map(group -> "Settings of " + group.getKey() + ":\n\n" + settings(group.getValue()))
                .collect(Collectors.joining("\n"));
    }

    /** The settings that no other command has. */
    private String settings(CommandSpec spec) {
        return Settings.groups(root).entrySet().stream()
                .filter(group -> isOf(name(spec), group.getKey()))
                .map(group -> "\nSettings, for `--set`:\n\n" + settings(group.getValue()))
                .collect(Collectors.joining());
    }

    private static boolean isOf(String command, String group) {
        return group.equals("`" + command + "`");
    }

    private static String settings(List<OptionSpec> settings) {
        return settings.stream()
                .map(setting -> item(Settings.assignment(setting), lines(setting.description())))
                .collect(Collectors.joining());
    }

    private boolean isShared(OptionSpec option) {
        OptionSpec other = shared.get(option.longestName());
        return other != null && row(other).equals(row(option));
    }

    private static String list(Stream<? extends ArgSpec> arguments) {
        return arguments.map(CommandReference::row).collect(Collectors.joining());
    }

    private static String row(ArgSpec argument) {
        String required = argument.isOption() && argument.required() && argument.group() == null ? "Required. " : "";
        return item(label(argument), required + lines(argument.description()));
    }

    private static String item(String label, String meaning) {
        return "- `" + label + "`: " + meaning + "\n";
    }

    private static String label(ArgSpec argument) {
        return switch (argument) {
            case OptionSpec option -> label(option);
            case PositionalParamSpec parameter -> label(parameter);
            default -> throw new AssertionError(argument);
        };
    }

    private static String label(OptionSpec option) {
        String names = String.join("`, `", option.names());
        if (option.arity().max() == 0) return names;
        String value = "=" + value(option);
        return names + (option.arity().min() == 0 ? "[" + value + "]" : value);
    }

    /** The values of an option, as one types them. */
    private static String value(OptionSpec option) {
        String label = option.paramLabel();
        return option.splitRegex().isEmpty() ? label : label + "[," + label + "...]";
    }

    private static String label(PositionalParamSpec parameter) {
        String label = parameter.paramLabel() + (parameter.arity().isVariable() ? "..." : "");
        return parameter.arity().min() == 0 ? "[" + label + "]" : label;
    }

    /** Examples, and behind an empty line what is to be said in words. */
    private static String footer(String... footer) {
        if (footer.length == 0) return "";
        List<String> all = Arrays.stream(footer).map(String::formatted).toList();
        int words = all.indexOf("") < 0 ? all.size() : all.indexOf("");
        String examples = all.subList(0, words).stream()
                .map(line -> "    " + line.replaceFirst("^ {2}", "") + "\n")
                .collect(Collectors.joining());
        String rest = String.join(" ", all.subList(words, all.size())).strip();
        return "\n" + examples + (rest.isEmpty() ? "" : "\n" + rest + "\n");
    }

    private static String lines(String... description) {
        return Arrays.stream(description).map(String::formatted).collect(Collectors.joining(" "));
    }
}
