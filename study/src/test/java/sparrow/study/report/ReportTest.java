package sparrow.study.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.app.report.Mean;
import sparrow.app.report.Table;

class ReportTest {
    @TempDir
    private Path folder;

    private static Report report() {
        List<String> policies = List.of("none", "say \"no\", <b>");
        Table<String> scores = new Table<>(policies)
                .words("policy", "exit policy", policy -> policy)
                .meaning("When positions leave.")
                .mean("score", "score", 1, policy -> new Mean(91.6666, policy.equals("none") ? 2.53 : null, 3))
                .number("depth", "depth", 2, String::length);
        Table<byte[]> sounds = new Table<>(List.of(new byte[] {1, 2, 3})).sound("speech", wav -> wav);
        SequencedMap<String, List<PointChart.Point>> points = new LinkedHashMap<>();
        points.put("none", List.of(new PointChart.Point(1, 2, ""), new PointChart.Point(2, 3, "")));
        return new Report("Policies & <more>")
                .facts("facts", new LinkedHashMap<>(Map.of("command line", "sparrow --speak \"a {wav}\" <x>")))
                .heading("Results")
                .table("scores", scores)
                .table("again", scores, Report.Form.PAGE, Report.Form.JSON)
                .table("sounds", sounds, Report.Form.PAGE)
                .paragraph("A <paragraph>.")
                .chart("chart", new PointChart("A \"chart\"", "x", "y", points))
                .chart("empty", new PointChart("No points", "x", "y", new LinkedHashMap<>()));
    }

    @Test
    void peopleAndProgramsAreShownTheTablesMeantForThem() throws IOException {
        Report report = report();

        report.write(folder);

        assertThat(folder.resolve("chart.png")).exists();
        assertThat(folder.resolve("empty.png")).doesNotExist();
        assertThat(report.text())
                .startsWith("exit policy ")
                .contains("91.7 ± 2.5")
                .hasLineCount(3);
        assertThat(report.json()).isEqualToNormalizingNewlines("""
                {
                  "facts" : {
                    "command_line" : "sparrow --speak \\"a {wav}\\" <x>"
                  },
                  "scores" : [ {
                    "policy" : "none",
                    "score" : 91.6666,
                    "score_se" : 2.53,
                    "depth" : 4
                  }, {
                    "policy" : "say \\"no\\", <b>",
                    "score" : 91.6666,
                    "depth" : 13
                  } ],
                  "again" : [ {
                    "policy" : "none",
                    "score" : 91.6666,
                    "score_se" : 2.53,
                    "depth" : 4
                  }, {
                    "policy" : "say \\"no\\", <b>",
                    "score" : 91.6666,
                    "depth" : 13
                  } ]
                }""");
        assertThat(folder.resolve("report.json")).content().isEqualTo(report.json() + "\n");
        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder("report.json", "report.html", "scores.csv", "chart.png");
    }

    @Test
    void pagesAreWholeEscapedAndNeedNothingElse() throws IOException {
        report().write(folder);

        assertThat(folder.resolve("report.html"))
                .content()
                .startsWith("<!doctype html>")
                .endsWith("</html>\n")
                .contains("<title>Policies &amp; &lt;more&gt;</title>")
                .contains("<dd>sparrow --speak &quot;a {wav}&quot; &lt;x&gt;</dd>")
                .contains("<th title=\"When positions leave.\">exit policy</th>")
                .contains("<td class=\"n\">91.7 <span class=\"error\">± 2.5</span></td>")
                .contains("<td>say &quot;no&quot;, &lt;b&gt;</td>")
                .contains("<p>A &lt;paragraph&gt;.</p>")
                .contains("src=\"data:audio/wav;base64,AQID\"")
                .contains("src=\"data:image/png;base64,", "alt=\"A &quot;chart&quot;\"")
                .containsOnlyOnce("<dd>When positions leave.</dd>")
                .contains("prefers-color-scheme: dark")
                .doesNotContain("http://", "https://", "<script", "<link");
    }
}
