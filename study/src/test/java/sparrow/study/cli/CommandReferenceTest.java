package sparrow.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sparrow.app.Main;

/** docs/commands.md says what the commands say. {@code -Dsparrow.docs=write} writes its generated parts anew. */
class CommandReferenceTest {
    private final Path page = Path.of(System.getProperty("sparrow.testdata"))
            .resolveSibling("docs")
            .resolve("commands.md");
    private final CommandReference reference = new CommandReference(Main.commandLine());

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
