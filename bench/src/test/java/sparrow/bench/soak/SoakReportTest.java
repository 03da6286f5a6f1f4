package sparrow.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sparrow.bench.harness.BenchReport;

/** The verdict on a soak, and the lines that give its reasons. */
class SoakReportTest {
    private static SoakReport soak(IntToDoubleFunction residentMb, List<String> unexpected) {
        SoakRow.Heard heard = new SoakRow.Heard(List.of(200.0), 3, 1, 0, 2);
        List<SoakRow> rows = IntStream.range(0, 360)
                .mapToObj(i -> new SoakRow(
                        10.0 * i, residentMb.applyAsDouble(i), 20.0, 50.0, 40.0, 4.0, 3.0, heard, List.of()))
                .toList();
        return new SoakReport(new SoakRun.Outcome(
                rows, Map.of(Fault.CUT, 7), Map.of("broke off: failed server_error", 360), unexpected));
    }

    private static String lines(SoakReport soak) {
        BenchReport report = new BenchReport("sparrow bench soak", 1);
        soak.report(report);
        StringWriter text = new StringWriter();
        report.print(new PrintWriter(text, true));
        return text.toString();
    }

    @Test
    void aSteadyServerPassesAndWhatTalkersMissedIsNamed() {
        SoakReport soak = soak(i -> 400, List.of());

        assertThat(soak.isPassed()).isTrue();
        assertThat(lines(soak))
                .contains("cut            7", "360 x broke off: failed server_error", " 75.00", "no growth")
                .endsWith("passed\n");
    }

    @Test
    void aServerThatGrowsFails() {
        SoakReport soak = soak(i -> 400 + 0.1 * i, List.of());

        assertThat(soak.isPassed()).isFalse();
        assertThat(lines(soak)).contains("resident memory: ", "it has grown").endsWith("failed\n");
    }

    @Test
    void aServerThatBreaksAPromiseFails() {
        SoakReport soak = soak(i -> 400, List.of("70 s: wrong-key: expected 401, got 200"));

        assertThat(soak.isPassed()).isFalse();
        assertThat(lines(soak)).contains("unexpected: 70 s: wrong-key: expected 401, got 200");
    }

    @Test
    void aRunWithoutRowsIsDrawnToo() throws IOException {
        assertThat(new SoakReport(new SoakRun.Outcome(List.of(), Map.of(), Map.of(), List.of())).png())
                .isNotEmpty();
        assertThat(soak(i -> 400, List.of()).png()).isNotEmpty();
    }
}
