package sparrow.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.study.cli.Commands;
import sparrow.study.cli.Commands.Outcome;

/** Exit heads of LFM3-Audio, whose frames are predicted in passes: harvested, trained, evaluated and used. */
@Tag("full")
class MaskedFrameHeadsTest {
    private static final Path LFM = Path.of(System.getProperty("sparrow.testdata"), "lfm3-audio");

    @TempDir
    private Path folder;

    private Outcome run(String command) {
        List<String> all = new ArrayList<>(
                List.of(command.replace("FOLDER", folder.toString()).split(" ")));
        all.addAll(List.of("--model", LFM.resolve("b").toString(), "--threads", "1"));
        return Commands.run(all.toArray(String[]::new));
    }

    @Test
    void headsOfFramesAreTrainedOnInputsAndEvaluated() throws IOException {
        List<String> prompts = new ArrayList<>();
        for (String text : List.of("one", "two", "three", "a red one", "a blue one", "no more")) {
            prompts.add("{\"question\": \"" + text + "\"}");
        }
        Files.write(folder.resolve("prompts.jsonl"), prompts);
        for (String command : List.of(
                "heads harvest --prompts FOLDER/prompts.jsonl --layers 2,4 --max-new-tokens 40 --out FOLDER/store",
                "heads train FOLDER/store --vocab frames --set frame-target=inputs --epochs 2 --set train-batch=32 --lr 0.01"
                        + " --set held-out=25% --out FOLDER/frames")) {
            assertThat(run(command)).extracting(Outcome::err, Outcome::code).containsExactly("", 0);
        }

        Outcome evaluated = run("heads evaluate FOLDER/store --heads FOLDER/frames --json");

        assertThat(evaluated.err()).isEmpty();
        JsonNode figures = new ObjectMapper().readTree(evaluated.out());
        assertThat(figures.path("frames")).hasSize(2 * 13);
        Outcome answer =
                run("ask --text one --heads FOLDER/frames --exit even:4 --max-new-tokens 40 --out FOLDER/a.wav");
        assertThat(answer.code()).isZero();
        assertThat(answer.out()).contains("E");
    }

    @Test
    void codesAsTargetAreRefused() throws IOException {
        Files.writeString(folder.resolve("prompts.jsonl"), "{\"question\": \"one\"}\n");
        assertThat(run("heads harvest --prompts FOLDER/prompts.jsonl --layers 2 --max-new-tokens 20 --out FOLDER/store")
                        .code())
                .isZero();

        Outcome refused = run("heads train FOLDER/store --vocab frames --out FOLDER/frames");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains(
                        "expected --set frame-target=inputs, because the codes of its frames are not predicted one by one");
    }
}
