package sparrow.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.bench.Commands.assertRefusedInOneLine;
import static sparrow.bench.Commands.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.app.console.Interruption;
import sparrow.bench.Commands.Outcome;

/** The benchmarks on the bundled model, with counts too small to say anything about speed. */
class BenchCommandTest {
    @TempDir
    private Path folder;

    private static Outcome bench(String kind, String... args) {
        List<String> all = new ArrayList<>(List.of("bench", kind, "--set", "warm-up=0", "--threads", "1"));
        all.addAll(Arrays.asList(args));
        return run(all.toArray(String[]::new));
    }

    private static Outcome decode(String... args) {
        return bench(
                "decode",
                Stream.concat(Stream.of("--set", "prompt=5"), Arrays.stream(args))
                        .toArray(String[]::new));
    }

    @Test
    void kindsOfBenchmarksAreListed() {
        Outcome outcome = run("bench");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).containsSubsequence("\n  decode ", "\n  voice ", "\n  load ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bench", "bench decode", "bench voice", "bench load"})
    void helpShowsExamplesAndUnknownOptionsAreOneLine(String command) {
        Outcome help = run((command + " --help").split(" "));
        Outcome wrong = run((command + " --no-such-option").split(" "));

        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("Examples:").contains("sparrow " + command);
        assertRefusedInOneLine(wrong, "(see sparrow " + command + " --help)");
    }

    @Test
    void everyPolicyAndEveryKindOfStepIsMeasured() throws IOException {
        Path plot = folder.resolve("speed.png");

        Outcome outcome = decode(
                "--policies", "triple:12,none", "--rounds", "2", "--tokens", "26", "--json", "--plot", plot.toString());

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        JsonNode json = new ObjectMapper().readTree(outcome.out());
        assertThat(json.path("command").asText())
                .startsWith("sparrow bench decode --set warm-up=0")
                .endsWith(plot.toString());
        assertThat(json.path("threads").intValue()).isEqualTo(1);
        assertThat(json.path("model").path("name").asText()).isEqualTo("sparrow-tiny");
        assertThat(json.path("model").path("bytes_per_token").longValue()).isEqualTo(21_258_240);
        assertThat(json.path("rounds").intValue()).isEqualTo(2);
        // Two runs of each policy and two of all kinds of steps.
        assertThat(json.path("prefill_tokens_per_s").path("samples").intValue()).isEqualTo(6);
        assertThat(json.path("policies")).hasSize(2);
        assertThat(json.path("policies").path(0).path("exit").asText()).isEqualTo("none");
        assertThat(json.path("policies").path(0).path("average_depth").doubleValue())
                .isEqualTo(16);
        JsonNode triple = json.path("policies").path(1);
        // Places 2 to 26 of a chunk and the first of the next: 9 of 26 at full depth, 17 after layer 12.
        assertThat(triple.path("average_depth").doubleValue()).isEqualTo((9 * 16 + 17 * 12) / 26.0);
        assertThat(triple.path("ratio_to_none").path("samples").intValue()).isEqualTo(3);
        assertThat(triple.path("ratio_of_bytes").doubleValue()).isBetween(1.1, 1.3);
        assertThat(json.path("steps"))
                .extracting(step -> step.path("depth") + "+" + step.path("pending_rows"))
                .containsExactly("12+0", "16+0", "16+1", "16+2");
        assertThat(plot).isNotEmptyFile();
    }

    @Test
    void tableComparesTheModelsOwnPolicyByDefault() {
        Outcome outcome = decode("--rounds", "1", "--tokens", "6");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .contains("sparrow-tiny")
                .contains("none ")
                .contains("even:12 ")
                .contains("full + 2 pending from 12");
    }

    @Test
    void framesAreMeasuredAsTokensAre() throws IOException {
        String model =
                Path.of(System.getProperty("sparrow.testdata"), "lfm2-audio/a").toString();

        Outcome outcome = decode("--model", model, "--policies", "none", "--rounds", "1", "--tokens", "3", "--json");

        JsonNode json = new ObjectMapper().readTree(outcome.out());
        assertThat(json.path("steps").path(0).path("ms").path("samples").intValue())
                .isEqualTo(3);
        long layers = 6L * (4 * 64 * 64 + 3 * 192 * 64) * Short.BYTES;
        assertThat(json.path("model").path("bytes_per_token").longValue()).isGreaterThan(layers);
    }

    @Test
    void withoutEarlyExitsThereIsOneKindOfStep() throws IOException {
        Outcome outcome = decode("--policies", "none", "--rounds", "1", "--tokens", "3", "--json");

        JsonNode json = new ObjectMapper().readTree(outcome.out());
        assertThat(json.path("policies")).hasSize(1);
        assertThat(json.path("steps")).hasSize(1);
        assertThat(json.path("steps").path(0).path("ms").path("samples").intValue())
                .isEqualTo(3);
    }

    @Test
    void confidencePolicyPaysForTheHeadThatWasAskedInVain() throws IOException {
        Outcome outcome = decode("--policies", "conf:8:0", "--rounds", "1", "--tokens", "4", "--json");

        JsonNode unsure =
                new ObjectMapper().readTree(outcome.out()).path("policies").path(1);
        assertThat(unsure.path("average_depth").doubleValue()).isEqualTo(16);
        assertThat(unsure.path("bytes_per_token").doubleValue()).isGreaterThan(21_258_240);
    }

    @Test
    void rowsOfSpeechAloneAreReadWhereThePolicySaysSo() throws IOException {
        Outcome outcome = decode(
                "--policies",
                "even:12,none+speech-rows,even:12+speech-rows",
                "--rounds",
                "1",
                "--tokens",
                "4",
                "--json");

        JsonNode results = new ObjectMapper().readTree(outcome.out()).path("policies");
        assertThat(results)
                .extracting(result -> result.path("exit").asText())
                .containsExactly("none", "even:12", "none+speech-rows", "even:12+speech-rows");
        // Of the 1056 rows of 192 floats, those of ids 0 to 511 are left out, in whole groups.
        assertThat(results.path(2).path("bytes_per_token").doubleValue()).isEqualTo(21_258_240 - 512 * 192 * 4);
        assertThat(results.path(2).path("ratio_of_bytes").doubleValue()).isGreaterThan(1);
        assertThat(results.path(2).path("ratio_to_none").path("samples").intValue())
                .isEqualTo(1);
    }

    @Test
    void copiedKeysAndValuesAreReadAtEveryEarlyStepAndNothingWaits() throws IOException {
        JsonNode filled = report("--policies", "fixed:12", "--rounds", "1", "--tokens", "6");
        JsonNode copied = report("--policies", "fixed:12+copy", "--rounds", "1", "--tokens", "6");

        // Two key heads and two value heads of 32 channels, of 192 floats each, in four layers.
        assertThat(bytesOfFixed(copied) - bytesOfFixed(filled)).isEqualTo(4 * 2 * 64 * 192 * 4);
        assertThat(filled.path("steps").findValues("pending_rows"))
                .extracting(JsonNode::intValue)
                .contains(1, 2);
        assertThat(copied.path("steps").findValues("pending_rows"))
                .extracting(JsonNode::intValue)
                .containsOnly(0);
    }

    private JsonNode report(String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of(options));
        words.add("--json");
        return new ObjectMapper().readTree(decode(words.toArray(String[]::new)).out());
    }

    private static double bytesOfFixed(JsonNode report) {
        return report.path("policies").path(1).path("bytes_per_token").doubleValue();
    }

    @Test
    void interruptedLoadingSaysSo() {
        Thread.currentThread().interrupt();

        Outcome outcome = decode("--rounds", "1", "--tokens", "3");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(outcome.code()).isEqualTo(Interruption.EXIT_CODE);
        assertThat(outcome.err().strip()).isEqualTo("sparrow: stopped by the user");
    }

    static Stream<List<String>> wrongUse() {
        return Stream.of(
                List.of("--rounds 0", "--rounds: expected 1 or more, got 0"),
                List.of("--tokens 0", "--tokens: expected 1 or more, got 0"),
                List.of("--set prompt=0", "--set prompt: expected 1 or more, got 0"),
                List.of("--set warm-up=-1", "--set warm-up: expected 0 or more seconds, got -1.0"),
                List.of("--set prompt=1000 --tokens 24", "expected at most 1023 together"),
                List.of("--policies even:7", "no exit head for layer 7"),
                List.of("--policies none,even:16", "expected a layer from 1 to 15"),
                List.of("--policies sometimes", "expected none, fixed:LAYER"),
                List.of("--policies even:12+speech", "exit: expected POLICY (for speech)"),
                List.of("--threads 0", "threads: expected 1 or more, got 0"),
                List.of("--plot speed.jpg", "--plot: expected a file name that ends with .png, got speed.jpg"),
                List.of("--plot no-such-folder/speed.png", "no-such-folder: no such folder"),
                List.of("--model none --save no-such-folder/a.json", "no-such-folder: no such folder"),
                List.of("--policies evn:1", "evn:1"),
                List.of("--policies draft:8:2+measure", "expected verification exact, got measure"),
                List.of("--set kv=q4", "--set kv: "));
    }

    @ParameterizedTest
    @MethodSource("wrongUse")
    void wrongUseIsRefusedInOneLine(List<String> use) {
        Outcome outcome = run(("bench decode " + use.getFirst()).split(" "));

        assertRefusedInOneLine(outcome, use.getLast());
        assertThat(outcome.out()).isEmpty();
    }

    private static Outcome voice(String... args) {
        return bench(
                "voice",
                Stream.concat(Stream.of("--questions", "1", "--speech", "1"), Arrays.stream(args))
                        .toArray(String[]::new));
    }

    @Tag("full")
    @Test
    void everyStageOfASpokenAnswerIsMeasured() throws IOException {
        Outcome outcome = voice("--policies", "even:12", "--rounds", "2", "--json");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        JsonNode json = new ObjectMapper().readTree(outcome.out());
        assertThat(json.path("rates").path("gflops").doubleValue()).isPositive();
        assertThat(json.path("rates").path("gb_per_s").doubleValue()).isPositive();
        assertThat(json.path("rounds").intValue()).isEqualTo(2);
        JsonNode question = json.path("questions").path(0);
        assertThat(question.path("stages"))
                .extracting(stage ->
                        stage.path("stage").asText() + " " + stage.path("exit").asText())
                .containsExactly("encode ", "prefill ", "decode none", "decode even:12", "flow ", "vocoder ");
        assertThat(question.path("stages")).allSatisfy(stage -> {
            assertThat(stage.path("seconds").path("samples").intValue()).isEqualTo(2);
            assertThat(stage.path("gflop").doubleValue()).isPositive();
            assertThat(stage.path("products")).isNotEmpty();
            assertThat(stage.path("of_gflops").doubleValue()).isBetween(0.0, 1.0);
            assertThat(stage.path("of_gb_per_s").doubleValue()).isBetween(0.0, 1.0);
        });
        // Layers that were left out are filled later: there is as much to compute, but less to read.
        assertThat(question.path("stages").path(3).path("gflop").doubleValue())
                .isLessThanOrEqualTo(
                        question.path("stages").path(2).path("gflop").doubleValue());
        assertThat(question.path("answers"))
                .extracting(answer -> answer.path("exit").asText())
                .containsExactly("none", "none, prefilled early", "even:12", "even:12, prefilled early");
        assertThat(question.path("first_audio").path("total").doubleValue()).isPositive();
    }

    @Tag("full")
    @Test
    void tableOfAVoiceShowsStagesProductsAndAnswers() {
        Path plot = folder.resolve("voice.png");

        Outcome outcome = voice("--policies", "none", "--set", "products=2", "--plot", plot.toString());

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .contains("GB/s in matrix products", "question of 1.0 s", "vocoder", "longest products", "linear")
                .containsPattern("first audio after [0-9.]+ s: encode [0-9.]+, prefill [0-9.]+, decode [0-9.]+, flow")
                .contains("x real time");
        assertThat(plot).isNotEmptyFile();
    }

    static Stream<List<String>> wrongVoices() {
        return Stream.of(
                List.of("--questions: expected 0.5 to 600.0 seconds, got 0.1", "--questions", "0.1"),
                List.of("--speech: expected 0.5 to 600.0 seconds, got 0.0", "--speech", "0"),
                List.of("--questions 5.0 and --speech 80.0: expected to fit the 1024 positions", "--speech", "80"),
                List.of("--rounds: expected 1 or more, got 0", "--rounds", "0"),
                List.of("--set products: expected 0 to 10, got 11", "--set", "products=11"),
                List.of("no exit head for layer 5", "--policies", "fixed:5"));
    }

    @ParameterizedTest
    @MethodSource("wrongVoices")
    void wrongSettingsOfAVoiceAreRefused(List<String> refusalAndOptions) {
        List<String> options = refusalAndOptions.subList(1, refusalAndOptions.size());

        assertRefusedInOneLine(bench("voice", options.toArray(String[]::new)), refusalAndOptions.getFirst());
    }

    @Test
    void repliesThatAreDecodedTogetherAreMeasuredByNumber() throws IOException {
        Outcome outcome = bench(
                "decode",
                "--replies",
                "1,3",
                "--set",
                "prompt=5",
                "--policies",
                "triple:12",
                "--rounds",
                "1",
                "--tokens",
                "39",
                "--json");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        JsonNode rows = new ObjectMapper().readTree(outcome.out()).path("rows");
        assertThat(rows.findValuesAsText("replies")).containsExactly("1", "3");
        // Of 39 positions 13 are text, and of 26 of speech 17 exit early. A pass of several is early if all of them
        // are.
        assertThat(rows.get(0).path("early_passes").doubleValue()).isEqualTo(17 / 39.0);
        assertThat(rows.get(1).path("early_passes").doubleValue()).isLessThanOrEqualTo(17 / 39.0);
        assertThat(rows.get(1).path("tokens_per_s").path("median").doubleValue())
                .isPositive();
    }

    @Test
    void repliesThatAreDecodedTogetherAreShownAsATable() {
        Outcome outcome = bench("decode", "--replies", "2", "--rounds", "1", "--tokens", "3");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("replies").containsPattern("(?m)^ +2  even:12 ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--replies 0 | --replies: expected 1 to 256, got 0",
                "--replies 2 --set prompt=5 --tokens 100000 | --set prompt=5 and --tokens 100000: expected at most",
                "--replies 2 --positions 7 | --positions: expected without --replies",
                "--replies 2 --plot a.png | --plot: expected without --replies",
            })
    void optionsOfSeveralRepliesAreChecked(String options, String message) {
        assertRefusedInOneLine(bench("decode", options.split(" ")), "sparrow: " + message);
    }

    @Test
    void everyWayToKeepKeysAndValuesIsMeasuredAtEveryLength() throws IOException {
        String line = "bench decode --positions 300,20 --rounds 2 --tokens 2 --set warm-up=0.01 --threads 1 --json";

        Outcome outcome = run(line.split(" "));

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        JsonNode json = new ObjectMapper().readTree(outcome.out());
        assertThat(json.path("weight_bytes").longValue()).isEqualTo(21_258_240);
        JsonNode rows = json.path("rows");
        assertThat(rows)
                .extracting(row -> row.path("context") + " " + row.path("kv").asText())
                .containsExactly("20 f32", "20 f16", "20 q8", "300 f32", "300 f16", "300 q8");
        // A key and a value of 2 heads of 32 channels in 16 layers, of 20 positions and the token itself.
        assertThat(rows.findValues("kv_bytes"))
                .extracting(JsonNode::longValue)
                .startsWith(21L * 2 * 16 * 2 * 32 * 4, 21L * 2 * 16 * 2 * 32 * 2, 21L * 2 * 16 * 2 * (32 + 4));
        for (JsonNode row : rows) {
            assertThat(row.path("ms").path("samples").intValue()).isEqualTo(4);
            assertThat(row.path("ms").path("median").doubleValue())
                    .isGreaterThan(row.path("layers_ms").path("median").doubleValue());
        }
        assertThat(rows.path(0).path("ratio_to_first").doubleValue()).isEqualTo(1);
    }

    @Test
    void contextsAreShownAsATableInOneFormatIfItIsGiven() {
        Outcome outcome = bench("decode", "--positions", "7", "--set", "kv=q8", "--rounds", "1", "--tokens", "1");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).containsPattern("(?m)^ +7  q8 ").doesNotContain("f16");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--positions 0 | --positions: expected 1 to 1023",
                "--positions 100000 | --positions: expected 1 to",
                "--positions 10 --policies none | --policies: expected without --positions",
                "--positions 10 --set prompt=5 | --set prompt: expected without --positions",
                "--positions 100 --device gpu:1 | --device: expected cpu with --positions",
            })
    void optionsOfContextsAreChecked(String options, String message) {
        assertRefusedInOneLine(run(("bench decode " + options).split(" ")), message);
    }

    @Test
    void verifiedTokensReadWhatIsFilled() throws IOException {
        JsonNode policies = report(
                        "--policies", "even:8,even:8+measure,even:8+verify", "--rounds", "1", "--tokens", "26")
                .path("policies");

        assertThat(policies.findValuesAsText("exit"))
                .containsExactly("none", "even:8", "even:8+measure", "even:8+verify");
        // Given tokens are always accepted.
        assertThat(policies.at("/3/average_depth")).isEqualTo(policies.at("/1/average_depth"));
    }

    @Test
    void convertedModelIsMeasured() throws IOException {
        String model = Path.of(System.getProperty("sparrow.testdata"), "step-audio-2-mini/ckpt")
                .toString();
        String converted = folder.resolve("q8").toString();

        Outcome conversion = run("convert", model, "--quant", "q8_0", "--out", converted);
        JsonNode report = report("--model", converted, "--policies", "none", "--rounds", "1", "--tokens", "12");

        assertThat(conversion.code()).as(conversion.err()).isZero();
        assertThat(report.path("policies")).hasSize(1);
    }
}
