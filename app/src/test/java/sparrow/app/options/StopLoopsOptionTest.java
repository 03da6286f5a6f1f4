package sparrow.app.options;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.app.Commands.assertRefusedInOneLine;
import static sparrow.app.Commands.run;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import sparrow.engine.decode.LoopRule;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** {@code --set stop-loops} on the command line. */
class StopLoopsOptionTest {
    private static ComputePool threads;
    private static SpokenModel model;

    @BeforeAll
    static void open() throws IOException {
        threads = new ComputePool(1);
        model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(threads));
    }

    @AfterAll
    static void close() {
        model.close();
        threads.close();
    }

    private static Optional<LoopRule> rule(boolean otherwise, String... args) {
        TokenOptions options = new TokenOptions();
        new CommandLine(options).parseArgs(args);
        return options.limits(model, otherwise).loops();
    }

    @Test
    void theAnswerIsTheOneThatIsGivenAndElseThatOfTheCommand() {
        assertThat(rule(false, "--set stop-loops=true")).contains(model.loopRule());
        assertThat(rule(true, "--set stop-loops=false")).isEmpty();
        assertThat(rule(true)).contains(model.loopRule());
        assertThat(rule(false)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ask no-such.wav", "chat", "serve"})
    void anAnswerThatIsNeitherIsRefusedInOneLine(String command) {
        assertRefusedInOneLine(run((command + " --set stop-loops=maybe").split(" ")), "maybe");
    }
}
