package sparrow.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The options of the version before still work, and a line names those of today. */
class RenamedOptionsTest {
    private final StringWriter err = new StringWriter();

    private String today(String line) {
        return String.join(" ", RenamedOptions.today(line.split(" "), new PrintWriter(err)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "ask q.wav --baseline-kv copy         | ask q.wav --skipped-kv copy",
                "ask q.wav --baseline-kv=copy         | ask q.wav --skipped-kv=copy",
                "ask q.wav --baseline-kv missing      | ask q.wav --skipped-kv omit",
                "study compare --baseline-kv=fill,missing,copy | study compare --skipped-kv=fill,omit,copy",
                "ask --skipped-kv missing             | ask --skipped-kv omit",
                "bench decode --head-rows all,speech  | bench decode --speech-logits all,speech",
                "ask --head-rows=speech q.wav         | ask --speech-logits=speech q.wav",
                "ask --count-head-differences q.wav   | ask q.wav",
                "ask --text missing                   | ask --text missing",
                "ask -- --baseline-kv missing         | ask -- --baseline-kv missing",
                "ask --baseline-kvs missing           | ask --baseline-kvs missing"
            })
    void areRewritten(String before, String now) {
        assertThat(today(before)).isEqualTo(now);
    }

    @Test
    void areToldOfInOneLineEach() {
        today("ask --baseline-kv=missing --head-rows speech --count-head-differences q.wav --seed 1");

        assertThat(err.toString()).isEqualTo("""
                        sparrow: --baseline-kv is now --skipped-kv
                        sparrow: the value missing of --skipped-kv is now omit
                        sparrow: --head-rows is now --speech-logits
                        sparrow: --count-head-differences is gone: study layers reports how often the rows of --speech-logits differ
                        """);
    }

    @Test
    void todaysNamesAreNotSpokenOf() {
        today("ask --skipped-kv omit --speech-logits=speech q.wav");

        assertThat(err.toString()).isEmpty();
    }

    @Test
    void workInACommand() {
        Commands.Outcome outcome = Commands.run("ask", "none.wav", "--head-rows", "speech");

        assertThat(outcome.err())
                .isEqualTo("sparrow: --head-rows is now --speech-logits\nsparrow: none.wav: no such file\n");
    }
}
