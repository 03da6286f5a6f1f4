package sparrow.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.cluster.Study.assertSameFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Harvests and trained heads of a real cluster are those of this machine, to the byte. */
@EnabledIfSystemProperty(named = "sparrow.cluster", matches = "true", disabledReason = "takes half a minute; -Pcluster")
@ExtendWith(SharedCluster.class)
class HeadsOnClusterTest {
    private static final Path DEMO = Path.of(System.getProperty("sparrow.testdata"), "demo-eval");

    @TempDir
    private static Path folder;

    private static StandaloneCluster cluster;
    private static Path prompts;

    @BeforeAll
    static void harvestHere(StandaloneCluster shared) throws IOException {
        cluster = shared;
        List<String> lines = new ArrayList<>(
                Files.readAllLines(DEMO.resolve("prompts.jsonl")).subList(0, 11));
        lines.add(4, "{\"codes\": [1000000]}");
        prompts = Files.write(folder.resolve("prompts.jsonl"), lines);
        assertThat(Study.run(harvest("here")).code()).isZero();
    }

    private static List<String> harvest(String out, String... more) {
        List<String> words = new ArrayList<>(List.of("heads", "harvest", "--prompts", prompts.toString()));
        words.addAll(List.of("--layers", "8,12", "--set", "batch=3", "--max-new-tokens", "24", "--threads", "1"));
        words.addAll(List.of("--out", folder.resolve(out).toString(), "--allow-missing"));
        words.addAll(List.of(more));
        return words;
    }

    private static List<String> train(String out, String... more) {
        List<String> words =
                new ArrayList<>(List.of("heads", "train", folder.resolve("here").toString()));
        words.addAll(List.of(
                "--vocab", "speech", "--set", "rank=2", "--epochs", "2", "--set", "held-out=20%", "--threads", "1"));
        words.addAll(List.of("--out", folder.resolve(out).toString()));
        words.addAll(List.of(more));
        return words;
    }

    /** One of the prompts cannot be understood: it is left out here and there. */
    @Test
    void harvestsTheSameStore() throws IOException {
        Study.Outcome outcome = Study.run(harvest("there", cluster.options()));

        assertThat(outcome.err().lines()).singleElement().asString().startsWith("sparrow: not asked: prompt 4: ");
        assertThat(outcome.code()).isZero();
        assertThat(Study.files(folder.resolve("there"))).containsKeys("store.json", "batches/00003.safetensors");
        assertSameFiles(folder.resolve("here"), folder.resolve("there"));
    }

    @Test
    void trainsTheSameHeads() throws IOException {
        Study.Outcome here = Study.run(train("heads"));
        Study.Outcome there = Study.run(train("others", cluster.options()));

        assertThat(here.code()).isZero();
        assertThat(there.err()).isEmpty();
        assertThat(there.code()).isZero();
        assertThat(there.out()).contains("heads of layers [8, 12]");
        assertSameFiles(folder.resolve("heads"), folder.resolve("others"));
    }
}
