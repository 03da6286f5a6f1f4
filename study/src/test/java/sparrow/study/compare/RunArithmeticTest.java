package sparrow.study.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.weights.BadFileException;
import sparrow.study.run.RunProgress;

/** Vectors of another width change the last bits of sounds and states, so that a run keeps to one arithmetic. */
class RunArithmeticTest {
    @TempDir
    private Path folder;

    @Test
    void runKeepsToItsArithmetic() throws IOException {
        String own;
        try (ComputePool pool = new ComputePool(1)) {
            own = Kernels.create(pool).arithmetic();
        }
        assertThat(own).matches("vector-(128|256|512)x(4|12)|scalar");
        try (SmallRun small = new SmallRun()) {
            run(small);
            Path settings = folder.resolve("settings.json");
            String kept = Files.readString(settings);
            String results = Files.readString(folder.resolve("results.csv"));
            assertThat(kept).contains("\"arithmetic\" : \"" + own + "\"");

            Files.writeString(settings, kept.replace(own, "vector-64"));
            assertThatThrownBy(() -> run(small))
                    .isInstanceOf(BadFileException.class)
                    .hasMessage(
                            settings + ": arithmetic: this run was begun with \"vector-64\", expected the same, got \""
                                    + own + "\"; other settings belong into another folder");

            // As runs of before are: they do not know.
            Files.writeString(settings, kept.replaceFirst(",\\s*\"arithmetic\" : \"[^\"]*\"", ""));
            Files.delete(folder.resolve("results.csv"));
            run(small);
            assertThat(folder.resolve("results.csv")).hasContent(results);
        }
    }

    private void run(SmallRun small) throws IOException {
        small.run(folder, small.setup(SmallRun.questions(2), 2, 0, "even:8"), SmallRun.scorers(), RunProgress.NONE);
    }
}
