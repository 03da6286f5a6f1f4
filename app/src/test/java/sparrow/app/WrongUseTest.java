package sparrow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.app.Commands.assertRefusedInOneLine;
import static sparrow.app.Commands.run;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.app.Commands.Outcome;

/** A command line that cannot be understood: one line that says why and where help is, instead of the help itself. */
class WrongUseTest {
    private static final List<String> COMMANDS =
            List.of("ask", "chat", "info", "tokens encode", "tokens decode", "voice", "forward", "convert", "synth");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ask q.wav --exit even:abc     | even:abc   | sparrow ask --help",
                "ask q.wav --exit even:0       | expected 1 or more, got 0 | sparrow ask --help",
                "ask q.wav --exit conf:8       | conf:8     | sparrow ask --help",
                "ask q.wav --threads abc              | abc        | sparrow ask --help",
                "ask q.wav --seed x                   | --seed     | sparrow ask --help",
                "ask                                  | WAV        | sparrow ask --help",
                "convert --quant q3_k --out x         | q3_k       | sparrow convert --help",
                "convert --quant q8_0                 | --out      | sparrow convert --help",
                "tokens encod q.wav                   | 'encod'    | sparrow tokens --help",
                "forward                              | Missing required | sparrow forward --help",
                "frobnicate                           | unknown command 'frobnicate' (sparrow | sparrow --help",
                "servr                                | meant: serve | sparrow --help",
                "--colour                             | unknown option '--colour'    | sparrow --help"
            })
    void isToldInOneLine(String line, String named, String help) {
        Outcome outcome = run(line.split(" "));

        assertRefusedInOneLine(outcome, named);
        assertThat(outcome.err()).contains("(" + help + " tells more)");
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void everyCommandTellsOfAnUnknownOptionInOneLine() {
        for (String command : COMMANDS) {
            Outcome outcome = run((command + " --no-such-option").split(" "));

            assertRefusedInOneLine(outcome, "(sparrow " + command + " --help tells more)");
        }
    }

    @Test
    void settingsOfTheFlowThatMakeNoSenseAreRefused() {
        assertRefusedInOneLine(
                run("ask", "--text", "hello", "--set", "flow=steps:0"), "steps: expected 1 to 100, got 0");
        assertRefusedInOneLine(run("ask", "--text", "hello", "--set", "flow=faster"), "got faster");
        assertRefusedInOneLine(
                run("ask", "--text", "hello", "--set", "flow-context=0.5"),
                "expected seconds, 1 or more, or unlimited, got 0.5");
        assertRefusedInOneLine(run("ask", "--text", "hello", "--set", "flow-context=all"), "got all");
    }

    @Test
    void moreThreadsThanAMachineHasUseForAreRefusedBeforeTheyStart() {
        assertRefusedInOneLine(run("info", "--threads", "1000000000"), "threads: expected at most ");
        assertRefusedInOneLine(run("info", "--threads", "0"), "threads: expected 1 or more");
    }
}
