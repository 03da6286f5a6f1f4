package sparrow.study.paper;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.app.report.Machine;
import sparrow.engine.decode.Limits;
import sparrow.engine.head.Sampling;
import sparrow.speech.asr.SpeechRecognizer;
import sparrow.speech.wave.Waveform;
import sparrow.study.Bundled;
import sparrow.study.FolderContent;
import sparrow.study.data.Datasets;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.judge.MatchJudge;
import sparrow.study.mos.Mos;
import sparrow.study.mos.MosScorer;
import sparrow.study.report.Origin;
import sparrow.study.run.Decoding;
import sparrow.study.run.LocalPool;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.RunProgress;
import sparrow.study.run.StudySetup;
import sparrow.study.scoring.Scorers;
import sparrow.study.scoring.ScoringPlan;
import sparrow.study.speak.TextToSpeech;

/** The paper's experiments on two questions of the bundled model, with scorers that need no model. */
@Tag("full")
class PaperStudyTest {
    private static final Path DATA = Path.of(System.getProperty("sparrow.testdata"), "demo-eval");

    /** The folder of the published page, if there is one, which must have been made by this code's text. */
    private static final Path PUBLISHED =
            Path.of(System.getProperty("sparrow.testdata")).resolveSibling("docs/results/paper");

    private static final String LOCKS = "(.*/)?\\.[^/]*";

    @TempDir
    private Path folder;

    /** The process that is killed: it waits before the last replies. */
    public static void main(String[] args) throws IOException {
        run(Path.of(args[0]), new RunProgress() {
            private final Semaphore more = new Semaphore(50);
            private String part = "";

            @Override
            public void begin(String stage, int steps) {
                part = stage;
            }

            @Override
            public void now(String what) {}

            @Override
            public void done() {
                if (part.startsWith("policies")) more.acquireUninterruptibly();
            }
        });
    }

    private static void run(Path to, RunProgress progress) throws IOException {
        List<QuestionSet> sets = List.of(set("folder:" + DATA), set("conversations:" + DATA.resolve("typed.jsonl")));
        StudySetup study = new StudySetup(
                Bundled.MODEL,
                sets,
                TextToSpeech.none(),
                new Decoding(Sampling.GREEDY, Limits.newTokens(60)),
                4,
                MixedNumerics.REFUSED);
        Optional<QuestionSet> heldOut = Optional.of(set("conversations:" + DATA.resolve("held-out.jsonl")));
        ScoringPlan plan = new ScoringPlan("a test", 0, "a test", "exact");
        try (Scorers scorers =
                Scorers.of(plan, List.of(new Listener()), new MatchJudge(MatchJudge.Rule.EXACT), new Loudness())) {
            Origin origin = new Origin("sparrow study paper <test>", "0", Machine.here(), 1, 256, "cpu");
            new PaperStudy(to, study, heldOut, new LocalPool(Bundled.MODEL), scorers, origin, progress).run();
        }
    }

    private static QuestionSet set(String notation) throws IOException {
        return QuestionSet.read(notation.replaceFirst(".*/", "").replaceFirst("\\..*", ""), Datasets.open(notation), 2);
    }

    private static final class Listener implements SpeechRecognizer {
        @Override
        public String transcribe(Waveform speech) {
            return "the capital of " + speech.samples().length % 7;
        }

        @Override
        public void close() {}
    }

    private static final class Loudness implements MosScorer {
        @Override
        public Mos score(Waveform speech) {
            return new Mos(speech.peak());
        }
    }

    @Test
    void aRunThatIsKilledAndResumedGivesTheBytesOfOneRunAndAVerdictOnEachClaim() throws Exception {
        Path killed = folder.resolve("killed");
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dsparrow.testdata=" + System.getProperty("sparrow.testdata"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PaperStudyTest.class.getName(),
                        killed.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            while (replies(killed) < 20) {
                assertThat(process.waitFor(20, TimeUnit.MILLISECONDS))
                        .as(Files.readString(folder.resolve("log")))
                        .isFalse();
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(killed.resolve(PaperStudy.PAGE)).doesNotExist();

        assertThat(expectations(killed)).isEmpty();
        Path whole = folder.resolve("whole");
        assertThat(expectations(whole)).singleElement().satisfies(this::agreesWithTheFolder);

        assertThat(FolderContent.but(LOCKS, killed)).isEqualTo(FolderContent.but(LOCKS, whole));
        String page = Files.readString(whole.resolve(PaperStudy.PAGE));
        assertThat(page)
                .contains("4.1 Layers (Table 1)", "5.3 and 5.4 Exit policies (Table 2)", "<audio controls")
                .contains("class=\"headline\">The refresh of even:", "href=\"#claim-12\"", "class=\"schedule\"")
                .doesNotContain("src=\"http", "<script");
        assertThat(occurrences(page, "<div class=\"strips\">")).isEqualTo(3);
        assertThat(occurrences(page, "+verify</code><svg")).isEqualTo(3);
        assertThat(occurrences(page, "<article class=\"card ")).isEqualTo(13);
        if (Files.exists(PUBLISHED)) assertThat(words(whole)).isEqualTo(words(PUBLISHED));
        assertThat(Files.readAllLines(whole.resolve("claims.csv")).stream().skip(1))
                .hasSizeGreaterThan(8)
                .allMatch(line -> line.matches(".*(holds|does not hold|inconclusive: .*|reported)\"?"));
        assertThat(Files.readAllLines(whole.resolve("table_2.csv"))).hasSizeGreaterThanOrEqualTo(1 + 15);
    }

    /** Runs or resumes the experiments, and returns the work of the expected durations that were reported. */
    private static List<String> expectations(Path to) throws IOException {
        List<String> expected = new ArrayList<>();
        run(to, new RunProgress() {
            @Override
            public void begin(String stage, int steps) {}

            @Override
            public void now(String what) {}

            @Override
            public void done() {}

            @Override
            public void expect(Duration remaining, String work) {
                assertThat(remaining).isPositive();
                expected.add(work);
            }
        });
        return expected;
    }

    /**
     * Checks the expected numbers of plans against the folder of the complete run. The table has up to 9 plans more than
     * expected: three chosen schedules, and fixed exits and {@code even} at their layers.
     */
    private void agreesWithTheFolder(String work) {
        Matcher words = Pattern.compile(
                        "(\\d+) exit plans on 4 questions, (\\d+) exit plans on 2 held-out questions, \\d+ replies of layers")
                .matcher(work);
        assertThat(words.matches()).as(work).isTrue();
        Path whole = folder.resolve("whole");
        int tables = Integer.parseInt(words.group(1));
        assertThat(whole.resolve("policies/replies").toFile().list()).hasSizeBetween(tables, tables + 9);
        assertThat(whole.resolve("held-out/replies").toFile().list()).hasSize(Integer.parseInt(words.group(2)));
    }

    private static int occurrences(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    /** Returns a page's text that does not depend on the run: headings, sections, quotations and rules. */
    private static List<String> words(Path run) throws IOException {
        List<String> words = new ArrayList<>();
        Matcher text = Pattern.compile("<(h2|blockquote)[^>]*>([^<]*)<")
                .matcher(Files.readString(run.resolve(PaperStudy.PAGE)));
        while (text.find()) words.add(text.group(2));
        new ObjectMapper()
                .readTree(run.resolve("index.json").toFile())
                .get("claims")
                .forEach(claim -> words.add(claim.get("section") + " " + claim.get("claim")
                        + claim.get("rule").asText().replaceAll("[0-9.]+|the average depth of \\S+", "")));
        return words;
    }

    private static long replies(Path run) throws IOException {
        Path replies = run.resolve("policies/replies");
        if (!Files.isDirectory(replies)) return 0;
        try (Stream<Path> files = Files.walk(replies)) {
            return files.filter(file -> file.toString().endsWith(".json")).count();
        } catch (UncheckedIOException e) {
            return 0; // a file was moved to its place meanwhile
        }
    }
}
