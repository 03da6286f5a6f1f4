package sparrow.study.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.study.cli.Commands.run;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import sparrow.app.CommandProvider;
import sparrow.study.cli.Commands.Outcome;
import sparrow.study.cli.StudyCommands.StudyCommand;

/** The laboratory's commands stand in the command line without its knowing them. */
class StudyCommandsTest {
    @Test
    void areFoundAsAService() {
        assertThat(CommandProvider.found().map(CommandLine::<Object>getCommand))
                .hasExactlyElementsOfTypes(StudyCommand.class);
    }

    @Test
    void areListedAfterTheOthers() {
        assertThat(run("--help").out()).containsSubsequence("\n  ask ", "\n  study ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"study compare", "study layers", "study tune"})
    void helpShowsExamples(String command) {
        Outcome outcome = run((command + " --help").split(" "));

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("Examples:").contains("sparrow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"study compare", "study layers", "study tune"})
    void tellOfAnUnknownOptionInOneLine(String command) {
        Outcome outcome = run((command + " --no-such-option").split(" "));

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err().strip())
                .startsWith("sparrow: ")
                .contains("(see sparrow " + command + " --help)")
                .doesNotContain("\n");
    }
}
