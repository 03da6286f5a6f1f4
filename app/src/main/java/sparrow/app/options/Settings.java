package sparrow.app.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Stack;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import sparrow.formats.BadFileException;
import sparrow.models.family.ModelCard;

/**
 * Implements settings, which are rarely needed options with the syntax {@code --set KEY=VALUE} (docs/commands.md). A
 * command declares a setting as an option with the name {@code --set KEY}. The model folder's {@code sparrow.json} may
 * also contain settings. {@code --help} lists only the keys; {@code --set help} and {@code sparrow help settings}
 * explain them.
 */
public final class Settings {
    private static final String OPTION = "--set";
    private static final String PREFIX = OPTION + " ";

    private Settings() {}

    /** Adds {@code --set}, and support for settings in model folders, to each command that has settings. */
    public static CommandLine install(CommandLine root) {
        addOption(root);
        return root.setDefaultValueProvider(new OfModel());
    }

    private static void addOption(CommandLine command) {
        if (!keys(command.getCommandSpec()).isEmpty()) {
            command.getCommandSpec()
                    .addOption(OptionSpec.builder(OPTION)
                            .paramLabel("KEY=VALUE")
                            .description("A setting; --set help explains the settings. Repeatable.")
                            .arity("1")
                            .type(List.class)
                            .auxiliaryTypes(String.class)
                            .preprocessor(new Redirection())
                            .build());
        }
        command.getSubcommands().values().forEach(Settings::addOption);
    }

    /** Returns whether an argument is a setting. */
    public static boolean isOne(ArgSpec argument) {
        return argument instanceof OptionSpec option && option.longestName().startsWith(PREFIX);
    }

    /** Returns a setting's key. */
    public static String key(OptionSpec setting) {
        return setting.longestName().substring(PREFIX.length());
    }

    /** Returns a setting in the form in which it is given, such as {@code top-k=K}. */
    public static String assignment(OptionSpec setting) {
        String label = setting.paramLabel();
        return key(setting) + "=" + label + (setting.splitRegex().isEmpty() ? "" : "[," + label + "...]");
    }

    /** Returns a command's keys in the order of declaration. */
    public static List<String> keys(CommandSpec command) {
        return command.options().stream()
                .filter(Settings::isOne)
                .map(Settings::key)
                .sorted()
                .toList();
    }

    /**
     * Returns the settings of a command and its subcommands, grouped by the commands that have them. Each setting is
     * listed once.
     *
     * @return lists of settings, keyed by a Markdown list of the commands, such as {@code `ask`, `chat`}
     */
    public static SequencedMap<String, List<OptionSpec>> groups(CommandSpec root) {
        Map<String, List<OptionSpec>> declarations = all(root)
                .flatMap(command -> command.options().stream())
                .filter(Settings::isOne)
                .collect(Collectors.groupingBy(Settings::key, LinkedHashMap::new, Collectors.toList()));
        return declarations.values().stream()
                .collect(Collectors.groupingBy(
                        declared -> owners(root, declared),
                        LinkedHashMap::new,
                        Collectors.mapping(List::getFirst, Collectors.toList())));
    }

    /** Returns a description of the commands that declare a setting. */
    private static String owners(CommandSpec root, List<OptionSpec> declared) {
        List<String> names =
                declared.stream().map(option -> name(option.command())).toList();
        return Stream.of("--threads", "--temperature", "--on")
                .filter(option -> names.equals(all(root)
                        .filter(command -> command.findOption(option) != null)
                        .map(Settings::name)
                        .toList()))
                .map(option -> "commands with `" + option + "`")
                .findFirst()
                .orElse("`" + String.join("`, `", names) + "`");
    }

    /** Returns a command's name without the program's name. */
    private static String name(CommandSpec command) {
        return command.qualifiedName().replaceFirst("^" + command.root().name() + " ", "");
    }

    /** Thrown for the request {@code --set help}. */
    public static final class HelpRequest extends ParameterException {
        private static final long serialVersionUID = 1;

        private HelpRequest(CommandLine command) {
            super(command, OPTION + " help");
        }
    }

    /** Redirects {@code --set KEY=VALUE} to the option {@code --set KEY}. */
    private static final class Redirection implements IParameterPreprocessor {
        @Override
        @SuppressWarnings("JdkObsolete") // picocli's interface requires this type
        public boolean preprocess(
                Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
            String setting = arguments.isEmpty() ? "" : arguments.pop();
            if (setting.equals("help")) throw new HelpRequest(command.commandLine());
            int equals = setting.indexOf('=');
            if (equals < 1) throw wrong(command, OPTION + ": expected KEY=VALUE, got \"" + setting + "\"");
            String key = setting.substring(0, equals);
            if (!keys(command).contains(key)) {
                String reason = unknown(key, keys(command), command.root(), command.qualifiedName());
                throw wrong(command, OPTION + " " + key + ": " + reason);
            }
            arguments.push(PREFIX + setting);
            return true;
        }

        private static ParameterException wrong(CommandSpec command, String message) {
            return new ParameterException(command.commandLine(), message);
        }
    }

    /**
     * Returns the message for a key that is not allowed in a command or file.
     *
     * @param place a description of the command or file
     */
    private static String unknown(String key, List<String> keys, CommandSpec root, String place) {
        Optional<String> owner = all(root)
                .filter(command -> keys(command).contains(key))
                .map(CommandSpec::qualifiedName)
                .findFirst();
        if (owner.isPresent()) return "a setting of " + owner.get() + ", not of " + place;
        return "no such setting; expected " + String.join(", ", keys);
    }

    /** Returns a command and all its subcommands. */
    private static Stream<CommandSpec> all(CommandSpec command) {
        return Stream.concat(
                Stream.of(command),
                command.subcommands().values().stream()
                        .map(CommandLine::getCommandSpec)
                        .flatMap(Settings::all));
    }

    /**
     * Checks that a model folder contains only settings that {@code ask} supports.
     *
     * @throws BadFileException if a key is unknown or not allowed
     * @throws IOException if the file cannot be read
     */
    static void check(Path folder, CommandSpec command) throws IOException {
        for (String key : of(folder).sequencedKeySet()) {
            if (modelKeys(command).contains(key)) continue;
            String reason = unknown(key, modelKeys(command), command.root(), "models");
            throw new BadFileException(folder.resolve(ModelCard.FILE), "settings." + key, reason);
        }
    }

    private static SequencedMap<String, String> of(Path folder) throws IOException {
        return ModelCard.read(folder).settings();
    }

    /**
     * Returns a message about a setting. The message names the file instead of the option if the file contains the
     * value.
     *
     * @param command the command that was called
     * @param typed the command-line arguments
     */
    public static String placed(String message, CommandSpec command, List<String> typed) {
        if (!message.contains(PREFIX)) return message;
        String placed = message;
        for (OptionSpec option : command.options()) {
            if (!isOne(option) || ofModel(option).isEmpty()) continue;
            boolean isTyped = typed.stream().anyMatch(word -> word.matches("(" + OPTION + "=)?" + key(option) + "=.*"));
            if (isTyped) continue;
            Path file = folder(command).orElseThrow().resolve(ModelCard.FILE);
            placed = placed.replace(option.longestName(), file + ": settings." + key(option));
        }
        return placed;
    }

    /**
     * Returns a setting's value in the model's file. The result is empty for server and cluster settings, which a model
     * must not contain.
     */
    private static Optional<String> ofModel(OptionSpec setting) {
        if (!modelKeys(setting.command()).contains(key(setting))) return Optional.empty();
        Optional<Path> folder = folder(setting.command());
        if (folder.isEmpty() || !Files.isDirectory(folder.get())) return Optional.empty();
        try {
            return Optional.ofNullable(of(folder.get()).get(key(setting)));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty(); // the error is reported when the model is opened
        }
    }

    /** Returns a command's model folder. */
    private static Optional<Path> folder(CommandSpec command) {
        return command.args().stream()
                .filter(argument -> argument.paramLabel().equals("MODEL")
                        || argument instanceof OptionSpec option
                                && option.longestName().equals("--model"))
                .map(ArgSpec::getValue)
                .filter(Path.class::isInstance)
                .map(Path.class::cast)
                .findFirst();
    }

    /** Returns the keys that a model may contain, which are the settings of {@code ask}. */
    private static List<String> modelKeys(CommandSpec command) {
        return keys(command.root().subcommands().get("ask").getCommandSpec());
    }

    /** Provides the values of settings in the command's model folder. */
    private static final class OfModel implements IDefaultValueProvider {
        @Override
        public String defaultValue(ArgSpec argument) {
            return isOne(argument) ? ofModel((OptionSpec) argument).orElse(null) : null;
        }
    }
}
