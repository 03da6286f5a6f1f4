package sparrow.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.study.cli.Commands;
import sparrow.study.cli.Commands.Outcome;

/**
 * Exit heads of a model whose speech is frames, from prompts to a comparison of policies. The weights of the checkpoint are random, so
 * figures mean nothing.
 */
@Tag("full")
class FrameHeadsTest {
    private static final Path LFM = Path.of(System.getProperty("sparrow.testdata"), "lfm2-audio");

    /** Eight prompts, a store of the replies to them, and heads of text and of frames. */
    @TempDir
    private static Path shared;

    @TempDir
    private Path folder;

    private static Outcome run(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--model", LFM.resolve("a").toString(), "--threads", "1"));
        return Commands.run(all.toArray(String[]::new));
    }

    private static String[] words(String args) {
        return args.replace("SHARED", shared.toString()).split(" ");
    }

    @BeforeAll
    static void harvestAndTrain() throws IOException {
        List<String> prompts = new ArrayList<>();
        for (String text : List.of("one", "two", "three", "a red one", "a blue one", "no more")) {
            prompts.add("{\"question\": \"" + text + "\"}");
        }
        for (String wav : List.of("a_speech16k.wav", "b_second24k.wav")) {
            Files.copy(LFM.resolve("wav").resolve(wav), shared.resolve(wav));
            prompts.add("{\"file\": \"" + wav + "\"}");
        }
        Files.write(shared.resolve("prompts.jsonl"), prompts);
        for (String command : List.of(
                "heads harvest --prompts SHARED/prompts.jsonl --layers 2,4 --max-new-tokens 30 --out SHARED/store",
                "heads train SHARED/store --epochs 1 --set train-batch=32 --set held-out=25% --out SHARED/heads",
                "heads train SHARED/store --vocab frames --epochs 2 --set train-batch=32 --set held-out=25% --out SHARED/frames")) {
            assertThat(run(words(command)))
                    .extracting(Outcome::err, Outcome::code)
                    .containsExactly("", 0);
        }
        Files.copy(shared.resolve("frames/frame-heads.safetensors"), shared.resolve("heads/frame-heads.safetensors"));
    }

    private static JsonNode json(Outcome outcome) throws IOException {
        assertThat(outcome.err()).isEmpty();
        return new ObjectMapper().readTree(outcome.out());
    }

    @Test
    void aTrainingMakesTheHeldOutLossSmaller() throws IOException {
        Outcome again =
                run(words("heads train SHARED/store --vocab frames --layers 2 --epochs 2 --set train-batch=32 --lr 0.01"
                        + " --set held-out=25% --json --out " + folder.resolve("heads")));

        List<JsonNode> epochs = new ArrayList<>();
        json(again).path("epochs").forEach(epochs::add);
        assertThat(epochs).hasSize(3);
        double before = epochs.getFirst().path("held_out_loss").doubleValue();
        assertThat(epochs.getLast().path("held_out_loss").doubleValue()).isLessThan(before);
        assertThat(folder.resolve("heads").toFile().list()).containsExactly("frame-heads.safetensors");
    }

    @Test
    void bothKindsOfHeadsAreEvaluatedCodebookByCodebook() throws IOException {
        JsonNode figures = json(run(words("heads evaluate SHARED/store --heads SHARED/heads --json")));

        assertThat(figures.path("layers").findValues("layer"))
                .extracting(JsonNode::intValue)
                .containsExactly(2, 4);
        assertThat(figures.path("layers").path(0).has("speech_agreement")).isFalse();
        assertThat(figures.path("frames")).hasSize(2 * 9);
        JsonNode whole = figures.path("frames").path(9);
        assertThat(whole.path("layer").intValue()).isEqualTo(4);
        assertThat(whole.has("codebook")).isFalse();
        double sum = 0;
        for (int codebook = 0; codebook < 8; codebook++) {
            JsonNode one = figures.path("frames").path(10 + codebook);
            assertThat(one.path("codebook").intValue()).isEqualTo(codebook);
            assertThat(one.path("speech_agreement").doubleValue())
                    .isGreaterThanOrEqualTo(whole.path("speech_agreement").doubleValue());
            sum += one.path("speech_divergence").doubleValue()
                    * one.path("speech_positions").longValue();
        }
        assertThat(sum / whole.path("speech_positions").longValue())
                .isCloseTo(whole.path("speech_divergence").doubleValue(), within(1e-6));
        assertThat(json(run(words("heads evaluate SHARED/store --heads SHARED/frames --json")))
                        .path("layers"))
                .isEmpty();
    }

    private String[] study(String command) throws IOException {
        Files.writeString(
                shared.resolve("questions.jsonl"),
                "{\"question\": \"one\", \"answers\": [\"two\"], \"file\": \"a_speech16k.wav\"}\n");
        return words("study " + command + " --heads SHARED/heads --data folder:SHARED --max-new-tokens 40 --json --out "
                + folder.resolve("out"));
    }

    @Test
    void policiesAreCompared() throws IOException {
        JsonNode rows = json(run(study("compare --asr none --policies"
                        + " fixed:4,even:4,odd:2,triple:2,FEEF:2,conf:2,4:7.6,text=even:4,speech=even:2,draft:4:2")))
                .path("overview");

        assertThat(rows).hasSize(9);
        assertThat(rows.path(0).path("speech_tokens").doubleValue()).isPositive();
        assertThat(rows.path(0).path("speech_exit").doubleValue()).isEqualTo(6);
        assertThat(rows.path(1).path("speech_exit").doubleValue()).isEqualTo(4);
        assertThat(rows.path(7).path("text_exit").doubleValue()).isBetween(4.0, 6.0);
        assertThat(rows.path(8).path("speech_tokens")).isEqualTo(rows.path(0).path("speech_tokens"));
        assertThat(folder.resolve("out/replies/none")).isNotEmptyDirectory();
    }

    @Test
    void policiesAreChosenByTheFramesThatStay() throws IOException {
        JsonNode report = json(run(study(
                "tune --asr none --budget agreement=0 --schedules even,fixed,conf --set thresholds=7.6 --layers 2,4")));

        assertThat(report.isObject()).isTrue();
        assertThat(new ObjectMapper()
                        .readTree(folder.resolve("out/policy.json").toFile())
                        .toString())
                .contains("fixed:2");
    }

    @ParameterizedTest
    @CsvSource({"head", "output"})
    void layersAreReadCodebookByCodebook(String lens) throws IOException {
        JsonNode report = json(run(study("layers --layers 2,4 --lens " + lens)));

        assertThat(report.path("codebooks")).hasSize(3 * 8);
        for (int codebook = 16; codebook < 24; codebook++) {
            assertThat(report.path("codebooks")
                            .path(codebook)
                            .path("agreement_percent")
                            .doubleValue())
                    .isEqualTo(100);
        }
        assertThat(folder.resolve("out/codebooks.csv")).exists();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "heads train SHARED/store --vocab speech --out X|a: expected a model with speech tokens, got one"
                        + " with speech frames",
                "heads train SHARED/store --draft-head --out X|a: expected a model with speech tokens, got one"
                        + " with speech frames",
                "heads train SHARED/store --vocab frames --set rank=2 --out X|shape of frame heads: expected full, got"
                        + " rank:2",
                "heads train SHARED/store --set frame-target=inputs --out X|--set frame-target: expected with --vocab frames",
                "heads harvest --prompts SHARED/prompts.jsonl --layers 2 --set targets=topk:4 --out X|targets: expected"
                        + " exact for a model whose speech is frames, got topk:4"
            })
    void wrongUseIsRefusedInOneLine(String command, String message) {
        Outcome outcome = run(words(command.replace("X", folder.resolve("x").toString())));

        assertThat(outcome.err()).isEqualTo("sparrow: " + message + "\n");
        assertThat(outcome.code()).isEqualTo(2);
    }
}
