package sparrow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.app.Commands.assertRefusedInOneLine;
import static sparrow.app.Commands.run;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import sparrow.engine.decode.Guard;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;

/** {@code --guard} on the command line. */
class GuardOptionTest {
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

    private static Guard guard(Guard.Reaction otherwise, String... args) {
        TokenOptions options = new TokenOptions();
        new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(args);
        return options.limits(model, otherwise).guard();
    }

    @Test
    void theReactionIsTheOneThatIsGivenAndElseThatOfTheCommand() {
        assertThat(guard(Guard.Reaction.OFF, "--guard", "stop")).isEqualTo(model.guard(Guard.Reaction.STOP));
        assertThat(guard(Guard.Reaction.STOP, "--guard", "off")).isEqualTo(Guard.OFF);
        assertThat(guard(Guard.Reaction.STOP)).isEqualTo(model.guard(Guard.Reaction.STOP));
        assertThat(guard(Guard.Reaction.OFF)).isEqualTo(Guard.OFF);
    }

    @ParameterizedTest
    @CsvSource({"ask no-such.wav", "chat", "serve"})
    void anUnknownReactionIsRefusedInOneLine(String command) {
        assertRefusedInOneLine(run((command + " --guard maybe").split(" ")), "maybe");
    }
}
