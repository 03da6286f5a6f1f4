package sparrow.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import sparrow.app.Main;
import sparrow.app.console.Interruption;
import sparrow.train.harvest.ForgedStore;

/** {@code sparrow heads}, from prompts to heads that {@code ask} takes. */
class HeadsCommandTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));

    /** Twelve prompts, and a store of the replies to them. */
    @TempDir
    private static Path shared;

    private static Outcome harvested;

    @TempDir
    private Path folder;

    private record Outcome(int code, String out, String err) {}

    private static Outcome run(String... args) {
        return run(new StringWriter(), args);
    }

    private static Outcome run(StringWriter out, String... args) {
        StringWriter err = new StringWriter();
        CommandLine commands = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        int code = commands.execute(args);
        return new Outcome(code, out.toString(), err.toString());
    }

    @BeforeAll
    static void harvest() throws IOException {
        Path prompts = shared.resolve("prompts.jsonl");
        Files.write(
                prompts,
                Files.readAllLines(TESTDATA.resolve("demo-eval/prompts.jsonl")).subList(0, 12));
        harvested = run(
                "heads",
                "harvest",
                "--prompts",
                prompts.toString(),
                "--layers",
                "8,12",
                "--out",
                shared.resolve("store").toString(),
                "--json");
    }

    private static String store() {
        return shared.resolve("store").toString();
    }

    @Test
    void harvestSaysWhatItKept() throws IOException {
        assertThat(harvested.err()).isEmpty();
        assertThat(harvested.code()).isZero();
        JsonNode json = new ObjectMapper().readTree(harvested.out());
        assertThat(json.path("replies").intValue()).isEqualTo(12);
        assertThat(json.path("model").asText()).isEqualTo("sparrow-tiny");
        assertThat(json.path("speech_positions").intValue()).isGreaterThan(200);
        assertThat(json.path("text_positions").intValue()).isGreaterThan(100);
        assertThat(json.path("bytes").longValue())
                .isEqualTo(Files.size(shared.resolve("store").resolve("batches/00000.safetensors")));
        assertThat(json.path("left_out").intValue()).isZero();
    }

    @Test
    void harvestSaysWhatItLeftOut() throws IOException {
        Path prompts = Files.writeString(
                folder.resolve("prompts.jsonl"), "{\"question\": \"what is two plus three\"}\n{\"codes\": [100000]}\n");
        Path store = folder.resolve("store");

        String[] command = {
            "heads", "harvest", "--prompts", prompts.toString(), "--layers", "8", "--out", store.toString()
        };
        Outcome outcome = run(command);

        assertThat(outcome.code()).isOne();
        assertThat(outcome.out()).contains(store + ": 1 replies of sparrow-tiny");
        assertThat(outcome.err().lines())
                .containsExactly(
                        "sparrow: not asked: prompt 1: " + prompts
                                + ": line 2: question: expected speech, found none in the codes",
                        "sparrow: incomplete: asked 1 of 2 questions; 1 of 2 replies; repeat the command to retry, or "
                                + "accept this with --allow-missing");

        Outcome allowed = run(
                Stream.concat(Stream.of(command), Stream.of("--allow-missing")).toArray(String[]::new));

        assertThat(allowed.code()).isZero();
        assertThat(allowed.err().lines()).singleElement().asString().startsWith("sparrow: not asked: prompt 1: ");
        assertThat(store.resolve("store.json")).content().contains("\"source\" : \"" + prompts + ": line 2\"");
    }

    @Test
    void trainedHeadsAnswerAndAreEvaluated() throws IOException {
        Path heads = folder.resolve("heads");

        Outcome train =
                run("heads", "train", store(), "--out", heads.toString(), "--epochs", "2", "--set", "held-out=20%");

        assertThat(train.err()).isEmpty();
        assertThat(train.code()).isZero();
        assertThat(train.out())
                .contains("speech agrees")
                .containsPattern("\\n +8 +0 +[0-9.]+ %")
                .containsPattern("\\n +12 +2 +[0-9.]+ +[0-9.]+ %")
                .contains(heads + ": heads of layers [8, 12]; ");
        Outcome evaluate = run("heads", "evaluate", store(), "--heads", heads.toString(), "--json");
        assertThat(evaluate.code()).isZero();
        JsonNode layers = new ObjectMapper().readTree(evaluate.out()).path("layers");
        assertThat(layers.findValues("layer")).extracting(JsonNode::intValue).containsExactly(8, 12);
        assertThat(layers.path(1).path("speech_agreement").doubleValue()).isBetween(0.7, 1.0);
        Outcome ask = run(
                "ask",
                TESTDATA.resolve("../examples/q01.wav").toString(),
                "--heads",
                heads.toString(),
                "--exit",
                "even:12");
        assertThat(ask.code()).isZero();
        assertThat(ask.out()).contains("layer 12: ");
    }

    @Test
    void aStoppedTrainingSaysThatTheSameCommandResumesIt() {
        Path heads = folder.resolve("heads");
        StringWriter interrupting = new StringWriter() {
            @Override
            public void flush() {
                Thread.currentThread().interrupt();
            }
        };

        Outcome stopped = run(interrupting, "heads", "train", store(), "--out", heads.toString(), "--epochs", "2");

        assertThat(stopped.code()).isEqualTo(Interruption.EXIT_CODE);
        assertThat(stopped.err().strip()).isEqualTo("sparrow: stopped by the user; the same command resumes it");
        assertThat(heads.toFile().list()).containsExactly("training.8.safetensors");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--set=translator=true", "--set=rank=4"})
    void smallHeadsAreTrainedAsWell(String shape) throws IOException {
        Path heads = folder.resolve("heads");

        Outcome train = run(
                "heads",
                "train",
                store(),
                "--layers",
                "12",
                "--vocab",
                "speech",
                shape,
                "--epochs",
                "1",
                "--out",
                heads.toString(),
                "--json");

        assertThat(train.code()).isZero();
        JsonNode epochs = new ObjectMapper().readTree(train.out()).path("epochs");
        assertThat(epochs).hasSize(2);
        assertThat(epochs.path(1).has("speech_agreement")).isTrue();
        assertThat(epochs.path(1).has("text_agreement")).isFalse();
        assertThat(run("heads", "evaluate", store(), "--heads", heads.toString())
                        .out())
                .containsPattern("\\n +12 +[0-9.]+ %( +[0-9.]+){3}\\R");
    }

    @Tag("full")
    @Test
    void trainedDraftHeadDraftsAndIsEvaluated() throws IOException {
        Path heads = folder.resolve("heads");

        Outcome train = run(
                "heads",
                "train",
                store(),
                "--draft-head",
                "--set",
                "draft-steps=2",
                "--epochs",
                "3",
                "--lr",
                "0.01",
                "--set",
                "train-batch=64",
                "--set",
                "held-out=20%",
                "--out",
                heads.toString());

        assertThat(train.err()).isEmpty();
        assertThat(train.out())
                .containsPattern("\\n +16 +0 +1 +[0-9.]+ %")
                .containsPattern("\\n +16 +3 +1 +[0-9.]+ +[0-9.]+ %.*\\R +16 +3 +2 +[0-9.]+ %")
                .contains(heads + ": draft head; ");
        Outcome evaluate = run("heads", "evaluate", store(), "--heads", heads.toString(), "--json");
        JsonNode json = new ObjectMapper().readTree(evaluate.out());
        assertThat(json.path("layers")).isEmpty();
        JsonNode steps = json.path("steps");
        assertThat(steps).extracting(row -> row.path("step").intValue()).containsExactly(1, 2);
        assertThat(steps.get(1).path("speech_agreement").doubleValue()).isBetween(0.01, 0.99);
        assertThat(run("heads", "evaluate", store(), "--heads", heads.toString())
                        .out())
                .containsPattern("\\n +2 +[0-9.]+ %");
        String question = TESTDATA.resolve("../examples/q01.wav").toString();
        String heard = run("ask", question, "--exit", "none", "--json").out();
        String ahead = run("ask", question, "--heads", heads.toString(), "--exit", "speculate:2", "--json")
                .out();
        assertThat(new ObjectMapper().readTree(ahead).path("text"))
                .isEqualTo(new ObjectMapper().readTree(heard).path("text"));
    }

    @Test
    void draftHeadsWantRepliesOfMoreThanOnePosition() {
        String prompts = shared.resolve("prompts.jsonl").toString();
        String store = folder.resolve("short").toString();
        run("heads", "harvest", "--prompts", prompts, "--layers", "8", "--max-new-tokens", "1", "--out", store);

        Outcome train = run(
                "heads",
                "train",
                store,
                "--draft-head",
                "--out",
                folder.resolve("out").toString());

        assertThat(train.code()).isEqualTo(2);
        assertThat(train.err())
                .isEqualTo("sparrow: " + store
                        + ": expected a next token with a weight after some position to train on, found none\n");
    }

    @Test
    void headsOfAnotherModelAreRefused() throws IOException {
        Path heads = folder.resolve("heads");
        run("heads", "train", store(), "--layers", "12", "--epochs", "1", "--out", heads.toString());
        Path file = heads.resolve("heads.safetensors");
        byte[] content = Files.readAllBytes(file);
        String head = new String(content, StandardCharsets.ISO_8859_1);
        int at = head.indexOf("model_fingerprint\":\"") + "model_fingerprint\":\"".length();
        content[at] = (byte) (content[at] == '0' ? '1' : '0');
        Files.write(file, content);

        Outcome outcome = run("info", "--heads", heads.toString());

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("sparrow: " + file + ": metadata model_fingerprint: expected ")
                .endsWith(": the heads were trained for another model\n");
    }

    /** Digests are right: a modality would train as speech, and states would be blamed on the learning rate. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "heads train FORGED --out OUT|modality|7",
                "heads train FORGED --out OUT --draft-head|scales.16|NaN",
                "heads evaluate FORGED|tokens|-1"
            })
    void storesOfUnsoundContentAreRefusedBeforeAnythingBegins(String command, String tensor, String value)
            throws IOException {
        Path forged = folder.resolve("forged");
        Path file = forged.resolve("batches/00000.safetensors");
        Files.createDirectories(file.getParent());
        for (Path of : List.of(Path.of("store.json"), forged.relativize(file))) {
            Files.copy(Path.of(store()).resolve(of), forged.resolve(of));
        }
        ForgedStore.put(forged, tensor, 5, value.equals("NaN") ? (Number) Float.NaN : (Number) Integer.valueOf(value));

        Outcome outcome =
                run(filled(command.replace("FORGED", forged.toString())).split(" "));

        assertThat(outcome.err())
                .startsWith("sparrow: " + file + ": tensor " + tensor + ": position 5: expected ")
                .endsWith(", found " + value + "\n")
                .hasLineCount(1);
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "heads train STORE --out OUT --layers 10|layers: expected some of [8, 12], which the store contains, got 10",
                "heads train STORE --out OUT --epochs 0|epochs: expected 1 or more, got 0",
                "heads train STORE --out OUT --draft-head --layers 8|--layers: expected without --draft-head",
                "heads train STORE --out OUT --draft-head --set rank=4|--set rank: expected without --draft-head",
                "heads train STORE --out OUT --set draft-steps=3|--set draft-steps: expected with --draft-head",
                "heads train STORE --out OUT --draft-head --set draft-steps=65|steps: expected 1 to 64, got 65",
                "heads train STORE --out OUT --set rank=0|rank: expected 1 or more, got 0",
                "heads train STORE --out OUT --set held-out=0|held-out share: expected above 0 and below 1, got 0.0",
                "heads train OUT --out OUT|OUT: expected a store with a file store.json",
                "heads evaluate OUT|OUT: expected a store with a file store.json",
                "heads harvest --prompts OUT --layers 8 --out OUT|OUT: no such file",
                "heads harvest --prompts PROMPTS --layers 16 --out OUT"
                        + "|layers: expected 1 to 15 (the model has 16), got 16",
                "heads harvest --prompts PROMPTS --layers 8 --out STORE"
                        + "|STORE/store.json: layers[1]: this run was started with 12, expected the same, got none; use another folder for other settings"
            })
    void whatCannotBeDoneIsRefusedInOneLine(String command, String message) {
        Outcome outcome = run(filled(command).split(" "));

        assertThat(outcome.err()).isEqualTo("sparrow: " + filled(message) + "\n");
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    private String filled(String text) {
        return text.replace("STORE", store())
                .replace("PROMPTS", shared.resolve("prompts.jsonl").toString())
                .replace("OUT", folder.resolve("out").toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "heads train STORE --out OUT --set rank=4 --set translator=true|mutually exclusive",
                "heads train STORE --out OUT --set held-out=some|expected a share such as 5% or 0.05, got \"some\"",
                "heads harvest --prompts PROMPTS --layers 8 --out OUT --set targets=topk:x"
                        + "|targets: expected exact or topk:K, got \"topk:x\"",
                "heads train STORE --out OUT --vocab some|expected one of [FULL, SPEECH, FRAMES]"
            })
    void wrongOptionsAreWrongUse(String command, String message) {
        Outcome outcome = run(filled(command).split(" "));

        assertThat(outcome.err()).contains(message);
        assertThat(outcome.code()).isEqualTo(2);
    }
}
