package sparrow.app.options;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.app.Commands.assertRefusedInOneLine;
import static sparrow.app.Commands.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Model.CommandSpec;
import sparrow.app.Commands.Outcome;
import sparrow.app.Main;

/** {@code --set}, and the settings of a model's folder. */
class SettingsTest {
    private static final Path LFM = Path.of(System.getProperty("sparrow.testdata"), "lfm2-audio/a");

    @TempDir
    private Path folder;

    /** A model whose folder may be written to. */
    private Path model;

    @BeforeEach
    void copy() throws IOException {
        model = folder.resolve("model");
        try (Stream<Path> files = Files.walk(LFM)) {
            for (Path file : files.toList())
                Files.copy(file, model.resolve(LFM.relativize(file).toString()));
        }
    }

    private Outcome ask(String settings, String... more) throws IOException {
        Files.writeString(model.resolve("sparrow.json"), "{\"settings\": " + settings + "}");
        return run(Stream.concat(
                        Stream.of(
                                "ask",
                                "--model",
                                model.toString(),
                                "--text",
                                "hello",
                                "--max-new-tokens",
                                "2",
                                "--json"),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private static int topK(Outcome outcome) throws IOException {
        assertThat(outcome.err()).isEmpty();
        return new ObjectMapper().readTree(outcome.out()).at("/sampling/top_k").asInt();
    }

    @Test
    void thoseOfTheModelsFolderAreFollowedAndTheCommandLineGoesBeforeThem() throws IOException {
        assertThat(topK(ask("{\"top-k\": 7}"))).isEqualTo(7);
        assertThat(topK(ask("{\"top-k\": \"7\", \"stop-loops\": false}", "--set", "top-k=9")))
                .isEqualTo(9);
        assertThat(topK(ask("{}", "--set=top-k=8"))).isEqualTo(8);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{'top-l': 4}      | settings.top-l: no such setting; expected flow, flow-context,",
                "{'queue': 4}      | settings.queue: a setting of sparrow serve, not of models",
                "{'top-k': 'many'} | settings.top-k: expected a whole number, got many",
                "{'vector-bits': 7} | settings.vector-bits: expected",
                "{'top-k': [1]}    | settings.top-k: expected a string, a number, true or false",
                "7                 | settings: expected an object"
            })
    void theFileIsNamedWhereOneOfItIsWrong(String settings, String says) throws IOException {
        Outcome outcome = ask(settings.replace("{'", "{\"").replace("':", "\":").replace("'many'", "\"many\""));

        assertRefusedInOneLine(outcome, says);
        assertThat(outcome.err()).contains(model.resolve("sparrow.json").toString());
    }

    @Test
    void thoseOfAServerAreNotTheModelsToGive() throws IOException {
        Files.writeString(model.resolve("sparrow.json"), "{\"settings\": {\"pass-target\": \"1\", \"top-k\": \"7\"}}");

        CommandSpec serve = Main.commandLine()
                .parseArgs("serve", "--model", model.toString())
                .subcommand()
                .commandSpec();

        assertThat(serve.findOption("--set pass-target").<Object>getValue()).hasToString("250");
        assertThat(serve.findOption("--set top-k").<Object>getValue()).hasToString("7");
    }

    @Test
    void keysOfTheFileThatNobodyReadsAreRefused() throws IOException {
        Files.writeString(model.resolve("sparrow.json"), "{\"speech_exit\": \"even:12\"}");

        assertRefusedInOneLine(run("info", model.toString()), "sparrow.json: speech_exit: expected no keys but");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--set floww=fast  | --set floww: no such setting; expected flow, flow-context,",
                "--set vocoders=4  | --set vocoders: a setting of sparrow serve, not of sparrow ask",
                "--set top-k       | --set: expected KEY=VALUE, got \"top-k\"",
                "--set =4          | --set: expected KEY=VALUE, got \"=4\"",
                "--set             | --set: expected KEY=VALUE, got \"\"",
                "--set top-k=many  | --set top-k: expected a whole number, got many",
                "--set top-k=1 --set top-k=2 | option '--set top-k' (K) should be specified only once"
            })
    void wrongOnesAreRefusedInOneLine(String options, String says) {
        assertRefusedInOneLine(run(("ask no-such.wav " + options).strip().split(" ")), says);
    }

    @Test
    void helpNamesTheKeys() {
        String help = run("ask", "--help").out();

        assertThat(help).contains("--set=KEY=VALUE", "Settings explained by --set help: flow, flow-context, kv,");
        assertThat(help).doesNotContain("--set flow-context");
    }

    @Test
    void setHelpExplainsTheSettingsOfTheCommandBeforeAnythingElseIsChecked() {
        Outcome outcome = run("ask", "no-such.wav", "--set", "help");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("  --set top-k=K\n      ").doesNotContain("pass-target");
        assertThat(run("serve", "--set=help").out()).contains("  --set pass-target=MS\n      ");
    }

    @Test
    void helpSettingsExplainsEachSettingOnceBelowTheCommandsThatHaveIt() {
        Outcome outcome = run("help", "settings");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .containsSubsequence(
                        "Settings of commands with --threads:\n  --set flow", "Settings of serve:\n  --set");
        assertThat(outcome.out()).containsOnlyOnce("--set top-k=K\n").endsWith("\n");
        assertThat(outcome.out().lines()).allMatch(line -> line.length() <= 80);
    }
}
