package sparrow.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.cluster.Study.assertSameFiles;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the laboratory by Spark in this process: the same files as without. */
@Tag("full")
class StudyOnLocalSparkTest {
    @TempDir
    private Path folder;

    private Study.Outcome compare(String out, String... more) {
        return Study.run(
                List.of(
                        "study",
                        "compare",
                        "--data",
                        Study.QUESTIONS + "," + Study.SECOND_TURNS,
                        "--items",
                        "4",
                        "--set",
                        "batch=2",
                        "--asr",
                        Study.RECOGNISER,
                        "--set",
                        "asr-items=1",
                        "--policies",
                        "even:8,triple:12",
                        "--max-new-tokens",
                        "40",
                        "--out",
                        folder.resolve(out).toString()),
                more);
    }

    @Test
    void comparesToTheSameFiles() throws IOException {
        Study.Outcome here = compare("here");
        Study.Outcome there = compare("there", "--on", "local");

        assertThat(here.err()).isEmpty();
        assertThat(there.err()).isEmpty();
        assertThat(there.code()).isZero();
        assertSameFiles(folder.resolve("here"), folder.resolve("there"));
    }
}
