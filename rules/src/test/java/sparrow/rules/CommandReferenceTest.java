package sparrow.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import sparrow.app.Main;
import sparrow.app.options.Settings;

/** docs/commands.md says what the commands say. {@code -Dsparrow.docs=write} writes its generated parts anew. */
class CommandReferenceTest {
    /** Commands that docs/cluster.md and docs/gpu.md tell of. */
    private static final Set<String> ELSEWHERE = Set.of("jars", "bench-device");

    /** Of study compare, with --help, --version, --verbose and --set; ask has four fewer, most have half. */
    private static final int MAX_OPTIONS = 25;

    private final Path page = Repository.ROOT.resolve("docs/commands.md");
    private final CommandReference reference = new CommandReference(Main.commandLine(), ELSEWHERE);

    @BeforeEach
    void writeWhereAsked() throws IOException {
        if (System.getProperty("sparrow.docs", "").equals("write")) {
            Files.writeString(page, reference.in(Files.readString(page)));
        }
    }

    @Test
    void theirOptionsAreThoseOfTheCommands() throws IOException {
        String written = Files.readString(page);

        assertThat(written)
                .as("generated parts; CONTRIBUTING.md says how to write them anew")
                .isEqualTo(reference.in(written));
    }

    @Test
    void everyCommandHasAPart() throws IOException {
        assertThat(CommandReference.parts(Files.readString(page)))
                .containsAll(reference.names())
                .contains(CommandReference.SHARED, CommandReference.SETTINGS)
                .hasSize(reference.names().size() + 2);
    }

    /** A person looks for one thing among them. */
    @Test
    void theHelpOfEveryCommandFitsAScreenAndHasFewOptions() {
        for (CommandSpec command : reference.commands()) {
            String help = command.commandLine().getUsageMessage(Help.Ansi.OFF);
            long options = command.options().stream()
                    .filter(option -> !Settings.isOne(option))
                    .count();

            assertThat(help.lines()).as(help).hasSizeLessThanOrEqualTo(40).allMatch(line -> line.length() <= 80);
            assertThat(options).as(command.qualifiedName()).isLessThanOrEqualTo(MAX_OPTIONS);
        }
    }

    @Test
    void aKeyMeansTheSameWhereverItIsTaken() {
        Map<String, List<String>> meanings = new TreeMap<>();
        for (CommandSpec command : reference.commands()) {
            for (OptionSpec option : command.options()) {
                if (!Settings.isOne(option)) continue;
                meanings.computeIfAbsent(Settings.key(option), key -> new ArrayList<>())
                        .add(String.join(" ", option.description()));
            }
        }

        assertThat(meanings)
                .isNotEmpty()
                .allSatisfy((key, all) -> assertThat(Set.copyOf(all)).as(key).hasSize(1));
    }
}
