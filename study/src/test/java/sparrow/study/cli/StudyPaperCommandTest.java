package sparrow.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.app.Main;

class StudyPaperCommandTest {
    @Test
    void heldOutQuestionsWithoutScoresAreRejected(@TempDir Path folder) {
        Path run = folder.resolve("run");
        String questions = "folder:" + Path.of(System.getProperty("sparrow.testdata"), "demo-eval");
        StringWriter err = new StringWriter();

        int code = Main.commandLine()
                .setErr(new PrintWriter(err))
                .execute(("study paper --items 2 --asr none --judge none --mos none --data " + questions
                                + " --held-out " + questions + " --out " + run)
                        .split(" "));

        assertThat(err.toString())
                .isEqualToIgnoringNewLines(
                        "sparrow: --held-out: expected --asr, --judge or --mos, because scores choose the layers");
        assertThat(code).isEqualTo(2);
        assertThat(run).doesNotExist();
    }
}
