package sparrow.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sparrow.app.Main;

/** docs/commands.md says what the commands say. {@code -Dsparrow.docs=write} writes its generated parts anew. */
class CommandReferenceTest {
    /** Commands that docs/cluster.md and docs/gpu.md tell of. */
    private static final Set<String> ELSEWHERE = Set.of("jars", "bench-device");

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
                .contains(CommandReference.SHARED)
                .hasSize(reference.names().size() + 1);
    }
}
