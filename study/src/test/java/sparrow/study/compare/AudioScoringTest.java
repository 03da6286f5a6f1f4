package sparrow.study.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import sparrow.formats.BadFileException;
import sparrow.speech.asr.SpeechRecognizer;
import sparrow.speech.wave.Waveform;
import sparrow.study.FolderContent;
import sparrow.study.compare.Comparison.CompareOutcome;
import sparrow.study.folder.FileDigest;
import sparrow.study.judge.MatchJudge;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;
import sparrow.study.scoring.Scorers;
import sparrow.study.scoring.ScoringPlan;

/** Scores are the same from here and from workers elsewhere; a clip that is lost, fails or is stopped is scored by the next run. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the programs that score are those of POSIX")
@Tag("full")
class AudioScoringTest {
    private static final String SIZE = "command:sh -c 'wc -c < \"$0\"' {wav}";
    private static final String[] ROWS = {"even:8", "draft:8:2"};

    private static SmallRun small;

    @TempDir
    private static Path shared;

    /** A recogniser and a scorer. The recogniser knows few sentences, because it takes its time for each that it knows. */
    private static ScoringPlan both;

    /** Scored in this process. */
    private static Path whole;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void open() throws IOException {
        small = new SmallRun();
        Path sentences =
                Files.writeString(shared.resolve("sentences.txt"), "the capital of libya is tripoli\nnineteen\n");
        both = new ScoringPlan("sphinx:" + sentences, 1, SIZE, "contains");
        whole = shared.resolve("whole");
        QuestionSet questions = SmallRun.questions(2);
        try (Scorers scorers = Scorers.open(both, List.of(questions.task()), 1)) {
            small.run(whole, small.setup(questions, 2, 0, ROWS), scorers, RunProgress.NONE);
        }
    }

    @AfterAll
    static void close() {
        small.close();
    }

    private static ScoringPlan opinions(String mos) {
        return new ScoringPlan("none", 0, mos, "contains");
    }

    private static CompareSetup setup() throws IOException {
        return small.setup(SmallRun.questions(2), 2, 0, ROWS);
    }

    private static CompareOutcome runBy(BytesPool workers, Path folder, ScoringPlan plan) throws IOException {
        CompareSetup setup = setup();
        try (Scorers scorers = Scorers.withWorkers(
                plan, List.of(setup.study().sets().getFirst().task()), OptionalInt.of(1))) {
            return small.run(folder, setup, workers, scorers, RunProgress.NONE);
        }
    }

    private static Map<String, String> files(Path folder) throws IOException {
        return FolderContent.but("report.html|.lock", folder);
    }

    @Test
    void workersElsewhereGiveTheSameScores() throws IOException {
        BytesPool workers = new BytesPool(small.model);

        CompareOutcome outcome = runBy(workers, temporary, both);

        assertThat(workers.begun).containsExactly("ScoringJob", "SpokenReplyJob", "ScoringJob");
        assertThat(outcome.rows().getFirst().all().wordErrorRate().utterances()).isEqualTo(1);
        assertThat(outcome.rows().getFirst().all().mos().count()).isEqualTo(2);
        assertThat(files(temporary)).isEqualTo(files(whole)).hasSizeGreaterThan(3 * 2 * 2 + distinctClips() + 2);
    }

    @Test
    void aScorerThatFailsAtFirstStopsTheStudyElsewhereAsHere() throws IOException {
        ScoringPlan broken = opinions("command:true {wav}");
        Path here = temporary.resolve("here");
        Path there = temporary.resolve("there");
        String message = "--mos: the first reply could not be scored: true: expected a number, found nothing";

        CompareSetup setup = setup();
        try (Scorers scorers =
                Scorers.open(broken, List.of(setup.study().sets().getFirst().task()), 1)) {
            assertThatThrownBy(() -> small.run(here, setup, scorers, RunProgress.NONE))
                    .isInstanceOf(IOException.class)
                    .hasMessage(message);
        }
        assertThatThrownBy(() -> runBy(new BytesPool(small.model), there, broken))
                .isInstanceOf(IOException.class)
                .hasMessage(message);
    }

    @Test
    void aLostClipIsToldAndScoredByTheNextRun() throws IOException {
        BytesPool losing = new BytesPool(small.model, BytesPool.Fate.LOST);

        CompareOutcome outcome = runBy(losing, temporary, both);

        assertThat(losing.lost()).containsExactly("batch 0 of " + distinctClips() + " clips");
        assertThat(outcome.rows().getFirst().all().failures()).isEqualTo(Map.of("asr", 1, "mos", 2));
        assertThat(scores(temporary))
                .hasSize(distinctClips())
                .allSatisfy(file -> assertThat(Files.readString(file))
                        .contains("\"mos\" : \"lost with its batch: its executor was lost\"")
                        .doesNotContain("\"transcript\""));

        runBy(new BytesPool(small.model), temporary, both);
        assertThat(files(temporary)).isEqualTo(files(whole));
    }

    @Test
    void scoresFromBeforeAStopAreKept() throws IOException {
        for (int scored = 1; scored < distinctClips(); scored++) {
            BytesPool stopping = new BytesPool(small.model, BytesPool.Fate.STOPPED);
            assertThatThrownBy(() -> runBy(stopping, temporary, opinions(SIZE)))
                    .isInstanceOf(RunStoppedException.class);
            assertThat(scores(temporary)).hasSize(scored);
        }

        runBy(new BytesPool(small.model), temporary, opinions(SIZE));
        Path atOnce = shared.resolve("at-once");
        runBy(new BytesPool(small.model), atOnce, opinions(SIZE));
        assertThat(files(temporary)).isEqualTo(files(atOnce));
    }

    private static List<Path> scores(Path folder) throws IOException {
        try (Stream<Path> scores = Files.list(folder.resolve("audio-scores"))) {
            return scores.toList();
        }
    }

    private static int distinctClips() throws IOException {
        Set<String> clips = new HashSet<>();
        try (Stream<Path> replies = Files.walk(whole.resolve("replies"))) {
            for (Path wav :
                    replies.filter(file -> file.toString().endsWith(".wav")).toList()) {
                clips.add(FileDigest.sha256(wav));
            }
        }
        return clips.size();
    }

    @Test
    void aFileThatWorkersLackIsToldBeforeTheFirstQuestion() {
        Path missing = temporary.resolve("missing.txt");
        Path folder = temporary.resolve("run");
        BytesPool workers = new BytesPool(small.model);

        assertThatThrownBy(() -> runBy(workers, folder, new ScoringPlan("sphinx:" + missing, 0, "none", "none")))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(missing + ": expected a file of sentences, found none");

        assertThat(workers.begun).containsExactly("ScoringJob");
        assertThat(folder).doesNotExist();
    }

    /** Counts, and gives the length of the speech. */
    private static final class Counting implements SpeechRecognizer {
        final AtomicInteger clips = new AtomicInteger();

        @Override
        public String transcribe(Waveform speech) {
            clips.incrementAndGet();
            return "of " + speech.samples().length;
        }

        @Override
        public void close() {}
    }

    @Test
    void aClipIsScoredOnceForAllRowsAndRuns() throws IOException {
        Counting recognizer = new Counting();
        ScoringPlan plan = new ScoringPlan("a test", 0, "none", "contains");
        Scorers scorers = Scorers.of(plan, List.of(recognizer), new MatchJudge(MatchJudge.Rule.CONTAINS), null);
        CompareSetup setup = setup();

        // The drafts are verified: the reply, and so its speech, is that of the first row.
        small.run(temporary, setup, scorers, RunProgress.NONE);
        Map<String, String> all = files(temporary);
        assertThat(recognizer.clips).hasValue(distinctClips()).hasValueLessThan(3 * 2);

        Files.delete(temporary.resolve("replies/even-8/demo-eval/v001.json"));
        Files.delete(scores(temporary).getFirst());
        small.run(temporary, setup, scorers, RunProgress.NONE);
        assertThat(recognizer.clips).hasValue(distinctClips() + 1);
        assertThat(files(temporary)).isEqualTo(all);
    }

    @Test
    void onlyRepliesToTheFirstQuestionsAreTranscribed() throws IOException {
        Counting recognizer = new Counting();
        ScoringPlan plan = new ScoringPlan("a test", 1, "none", "contains");
        Scorers scorers = Scorers.of(plan, List.of(recognizer), new MatchJudge(MatchJudge.Rule.CONTAINS), null);

        CompareOutcome outcome = small.run(temporary, setup(), scorers, RunProgress.NONE);

        assertThat(outcome.rows().getFirst().all().wordErrorRate().utterances()).isEqualTo(1);
        assertThat(outcome.rows().getFirst().all().failures()).isEmpty();
        assertThat(recognizer.clips.get()).isBetween(1, 2);
        assertThat(Files.readAllLines(temporary.resolve("items.csv")))
                .filteredOn(line -> line.matches(".*\\bof \\d+\\b.*"))
                .hasSize(3)
                .allMatch(line -> line.contains("v001"));
    }
}
