package sparrow.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import sparrow.app.Main;

/** The compare command on the bundled model and two questions, which nobody hears. */
class StudyCompareCommandTest {
    private static final Path QUESTIONS = Path.of(System.getProperty("sparrow.testdata"), "demo-eval");

    @TempDir
    private Path folder;

    private record Outcome(int code, String out, String err) {}

    private Outcome compare(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commands = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        List<String> all = new ArrayList<>(List.of("study", "compare", "--out", folder.toString(), "--asr", "none"));
        all.addAll(Arrays.asList(args));
        int code = commands.execute(all.toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    private Outcome compareTwo(String... args) {
        List<String> all = new ArrayList<>(List.of("--data", "folder:" + QUESTIONS, "--items", "2"));
        all.addAll(List.of("--max-new-tokens", "30", "--threads", "1"));
        all.addAll(Arrays.asList(args));
        return compare(all.toArray(String[]::new));
    }

    @Test
    void printsATableOfRowsAndGoesOnWhereItIsFinished() throws IOException {
        Outcome table = compareTwo("--policies", "even:12,fixed:12,fixed:12+omit");
        Outcome json = compareTwo("--policies", "even:12,fixed:12,fixed:12+omit", "--json");

        assertThat(table.err()).isEmpty();
        assertThat(table.code()).isZero();
        assertThat(table.out())
                .contains("none ", "even:12 ", "fixed:12 ", "fixed:12+omit ", "saved %")
                .endsWith(folder.resolve("report.html") + "\n");
        JsonNode rows = new ObjectMapper().readTree(json.out()).path("overview");
        assertThat(rows).hasSize(4);
        assertThat(rows.path(2).path("policies").asText()).isEqualTo("fixed:12");
        assertThat(rows.path(2).path("speech_exit").doubleValue()).isEqualTo(12);
    }

    /** General English has twice the word errors on the bundled model's answers. */
    @Tag("full")
    @Test
    void theRecogniserExpectsTheAnswersThatTheFolderBrings() throws IOException {
        StringWriter out = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out))
                .execute(("study compare --items 1 --max-new-tokens 30 --policies none --judge none --json --threads 1"
                                + " --data folder:" + QUESTIONS + " --out " + folder)
                        .split(" "));

        assertThat(code).isZero();
        assertThat(new ObjectMapper()
                        .readTree(out.toString())
                        .path("facts")
                        .path("recogniser")
                        .textValue())
                .isEqualTo("sphinx:" + QUESTIONS.resolve("answers.txt"));
    }

    @Test
    void conversationsGiveTheRepliesOfTheIndependentReference() throws IOException {
        ObjectMapper json = new ObjectMapper();
        Map<String, JsonNode> recorded = new HashMap<>();
        for (String line : Files.readAllLines(QUESTIONS.resolve("replies/conversations.jsonl"))) {
            JsonNode one = json.readTree(line);
            recorded.put(one.path("id").textValue(), one.path("replies"));
        }
        String data = Stream.of("system", "typed", "second")
                .map(kind -> "conversations:" + QUESTIONS.resolve(kind + ".jsonl"))
                .collect(Collectors.joining(","));

        Outcome outcome = compare("--data", data, "--items", "1", "--max-new-tokens", "180", "--policies", "none");

        assertThat(outcome.err()).isEmpty();
        for (String kind : List.of("system", "typed", "second")) {
            String id = kind + "-v001";
            Path reply = folder.resolve("replies/none/" + kind + "/" + id + ".json");
            JsonNode replies = recorded.get(id);
            assertThat(json.readTree(reply.toFile()).path("units")).as(id).isEqualTo(replies.path(replies.size() - 1));
        }
    }

    @Test
    void conversationsThatMayNotFitTheContextAreNotAsked() throws IOException {
        Outcome outcome = compare(
                "--data",
                "conversations:" + QUESTIONS.resolve("second.jsonl"),
                "--items",
                "1",
                "--max-new-tokens",
                "1000",
                "--policies",
                "none",
                "--json");

        JsonNode unasked =
                new ObjectMapper().readTree(outcome.out()).path("unasked").path(0);
        assertThat(unasked.path("question").textValue()).isEqualTo("second second-v001");
        assertThat(unasked.path("reason").textValue())
                .startsWith("prompt: expected fewer than the context length of 1024 tokens, got ")
                .endsWith(" and earlier replies of up to 1000");
    }

    @Test
    void conversationsAreNotTimed() {
        Outcome outcome = compare("--data", "conversations:" + QUESTIONS.resolve("system.jsonl"), "--timing", "1");

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err())
                .isEqualTo(
                        "sparrow: timing: expected questions without earlier turns and system text, got system system-v001\n");
    }

    @Tag("full")
    @Test
    void earlyTokensAreCheckedAndVerifiedInRowsThatSaySo() throws IOException {
        Outcome outcome =
                compareTwo("--policies", "even:6+measure,even:6+verify,conf:8:0.5+measure,draft:8:2", "--json");

        assertThat(outcome.err()).isEmpty();
        JsonNode rows = new ObjectMapper().readTree(outcome.out()).path("overview");
        assertThat(rows.findValuesAsText("policies"))
                .containsExactly("none", "even:6+measure", "even:6+verify", "conf:8:0.5+measure", "draft:8:2");
        JsonNode checked = rows.path(1);
        assertThat(checked.path("checked").intValue()).isPositive();
        assertThat(checked.path("agreed_percent").doubleValue()).isBetween(50.0, 99.9);
        assertThat(checked.path("layers_read").doubleValue()).isBetween(12.0, 16.0);
        JsonNode drafted = rows.path(4);
        assertThat(drafted.path("accepted_percent").doubleValue()).isBetween(30.0, 100.0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--policies even:9 | speech exit even:9: no exit head for layer 9; speech heads found: [6, 8, 10, 12, 14]",
                "--policies evn:8 | --policies: exit policy: expected none, fixed:LAYER, conf:LAYER",
                "--rows G4 | speech exit even:36: expected a layer from 1 to 15 (the model has 16), got 36",
                "--rows B99 | --rows: expected paper, S1 to S6, G1 to G10 or B1 to B15, got B99",
                "--policies even:12+undo | --policies: exit: expected POLICY (for speech)",
                "--policies conf:8:0.5+verify | --policies: verification exact: expected no confidence rule, got"
                        + " conf:8:0.5; its exact"
                        + " form is draft:LAYER:N:NATS",
                "--set batch=0 | batch: expected 1 or more, got 0",
                "--judge strict | judge: expected exact, contains, verbatim or openai[:MODEL][@URL], got strict"
            })
    void wrongUseIsRefusedInOneLine(String args, String message) {
        Outcome outcome = compareTwo(args.split(" "));

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err().lines()).singleElement().asString().startsWith("sparrow: " + message);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void setsOfQuestionsThatAreNotThereAreRefused() {
        Outcome outcome = compare("--data", "folder:" + folder.resolve("none"));

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).isEqualTo("sparrow: " + folder.resolve("none") + ": no such folder\n");
    }

    @Test
    void otherSettingsInTheSameFolderAreRefused() {
        compareTwo("--policies", "even:12");

        Outcome outcome = compareTwo("--policies", "even:12", "--seed", "3");

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err())
                .isEqualTo("sparrow: " + folder.resolve("settings.json")
                        + ": sampling.seed: this run was started with 0, expected the same, got 3;"
                        + " use another folder for other settings\n");
    }
}
