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
            List.of("ask", "chat", "info", "tokens encode", "tokens decode", "voice", "forward", "convert");

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
                "frobnicate                           | unknown command 'frobnicate' (see sparrow | sparrow --help",
                "servr                                | meant: serve | sparrow --help",
                "--colour                             | unknown option '--colour'    | sparrow --help"
            })
    void isToldInOneLine(String line, String named, String help) {
        Outcome outcome = run(line.split(" "));

        assertRefusedInOneLine(outcome, named);
        assertThat(outcome.err()).contains("(see " + help + ")");
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void everyCommandTellsOfAnUnknownOptionInOneLine() {
        for (String command : COMMANDS) {
            Outcome outcome = run((command + " --no-such-option").split(" "));

            assertRefusedInOneLine(outcome, "(see sparrow " + command + " --help)");
        }
    }

    @Test
    void settingsOfTheFlowThatMakeNoSenseAreRefused() {
        assertRefusedInOneLine(
                run("ask", "--text", "hello", "--set", "flow=steps:0"), "steps: expected 1 to 100, got 0");
        assertRefusedInOneLine(run("ask", "--text", "hello", "--set", "flow=faster"), "got faster");
        assertRefusedInOneLine(
                run("ask", "--text", "hello", "--set", "flow-context=0.5"),
                "expected 1 second or more, or unlimited, got 0.5");
        assertRefusedInOneLine(run("ask", "--text", "hello", "--set", "flow-context=all"), "got all");
    }

    /** The model is none: it would be refused first if it were opened. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ask --temperature -1              | --temperature: expected 0 or more, got -1.0",
                "ask --temperature abc             | --temperature: expected a number, got abc",
                "ask --max-new-tokens 0            | --max-new-tokens: expected 1 or more, got 0",
                "ask --set top-k=-3                | --set top-k: expected 0 or more, got -3",
                "ask --set top-p=2                 | --set top-p: expected above 0 and up to 1, got 2.0",
                "ask --set repetition-penalty=0    | --set repetition-penalty: expected above 0, got 0.0",
                "ask --set max-speech-tail=NaN     | --set max-speech-tail: expected 0 or more, got NaN",
                "ask --seed x                      | --seed: expected a whole number, got x",
                "ask --threads 0                   | --threads: expected 1 or more, got 0",
                "serve --port 65536                | --port: expected 0 to 65535, got 65536",
                "serve --port http                 | --port: expected a whole number, got http",
                "serve --sessions 0                | --sessions: expected 1 or more, got 0",
                "serve --set queue=-1              | --set queue: expected 0 or more, got -1",
                "serve --set kv-memory=0           | --set kv-memory: expected 1 or more, got 0",
                "serve --set vocoders=0            | --set vocoders: expected 1 or more, got 0"
            })
    void numbersAreLookedAtBeforeAModelOpens(String line, String says) {
        Outcome outcome = run((line + " --model none").split(" "));

        assertRefusedInOneLine(outcome, "sparrow: " + says + " (");
    }

    @Test
    void moreThreadsThanAMachineHasUseForAreRefusedBeforeTheyStart() {
        assertRefusedInOneLine(run("info", "--threads", "1000000000"), "threads: expected at most ");
        assertRefusedInOneLine(run("info", "--threads", "0"), "threads: expected 1 or more");
    }
}
