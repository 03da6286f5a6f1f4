package sparrow.study.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import sparrow.engine.weights.BadFileException;
import sparrow.speech.wave.Waveform;
import sparrow.study.asr.SpeechRecognizer;
import sparrow.study.judge.MatchJudge;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;

/** Who listens, here or elsewhere, changes nothing; what is lost, fails or is stopped is heard by the next run. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the programs that score are those of POSIX")
@Tag("full")
class ListeningTest {
    private static final String SIZE = "command:sh -c 'wc -c < \"$0\"' {wav}";
    private static final String[] ROWS = {"even:8", "draft:8:2"};

    private static SmallRun small;

    @TempDir
    private static Path shared;

    /** A recogniser and a scorer. The recogniser knows few sentences, because it takes its time for each that it knows. */
    private static ScoringPlan both;

    /** Heard and scored in this process. */
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
        Map<String, String> results = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String place = folder.relativize(file).toString();
                if (!place.matches("report.html|.lock")) {
                    results.put(place, HexFormat.of().formatHex(Files.readAllBytes(file)));
                }
            }
        }
        return results;
    }

    @Test
    void workersElsewhereHearTheSame() throws IOException {
        BytesPool workers = new BytesPool(small.model);

        CompareOutcome outcome = runBy(workers, temporary, both);

        assertThat(workers.begun).containsExactly(Hearing.class, SpokenReplyJob.class, Hearing.class);
        assertThat(outcome.rows().getFirst().all().wordErrorRate().utterances()).isEqualTo(1);
        assertThat(outcome.rows().getFirst().all().mos().count()).isEqualTo(2);
        assertThat(files(temporary)).isEqualTo(files(whole)).hasSizeGreaterThan(3 * 2 * 3);
    }

    @Test
    void whatFailsElsewhereIsToldAsHere() throws IOException {
        ScoringPlan broken = opinions("command:true {wav}");
        Path here = temporary.resolve("here");
        Path there = temporary.resolve("there");

        CompareSetup setup = setup();
        CompareOutcome outcome;
        try (Scorers scorers =
                Scorers.open(broken, List.of(setup.study().sets().getFirst().task()), 1)) {
            outcome = small.run(here, setup, scorers, RunProgress.NONE);
        }
        runBy(new BytesPool(small.model), there, broken);

        assertThat(outcome.rows().get(1).all().failures()).isEqualTo(Map.of("mos", 2));
        assertThat(Files.readString(there.resolve("scores/none/demo-eval/v001.json")))
                .contains("\"mos\" : \"true: expected a number, found nothing\"");
        assertThat(files(there)).isEqualTo(files(here));
    }

    @Test
    void whatIsLostIsNotHeardAndToldOfAndHeardByTheNextRun() throws IOException {
        BytesPool losing = new BytesPool(small.model, Hearing.class, BytesPool.Fate.LOST);

        CompareOutcome outcome = runBy(losing, temporary, both);

        assertThat(losing.lost()).containsExactly("hear batch 0 of " + distinctSounds() + " sounds");
        assertThat(outcome.rows().getFirst().all().failures()).isEqualTo(Map.of("asr", 1, "mos", 2));
        assertThat(Files.readString(temporary.resolve("scores/none/demo-eval/v001.json")))
                .contains("\"asr\" : \"lost with its batch: its executor was lost\"")
                .doesNotContain("\"heard\"");

        runBy(new BytesPool(small.model), temporary, both);
        assertThat(files(temporary)).isEqualTo(files(whole));
    }

    @Test
    void whatWasHeardBeforeAStopIsKept() throws IOException {
        BytesPool stopping = new BytesPool(small.model, Hearing.class, BytesPool.Fate.STOPPED);

        for (int heard = 1; heard < distinctSounds(); heard++) {
            assertThatThrownBy(() -> runBy(stopping, temporary, opinions(SIZE)))
                    .isInstanceOf(RunStoppedException.class);
            assertThat(soundsThatWereHeard()).isEqualTo(heard);
        }

        runBy(new BytesPool(small.model), temporary, opinions(SIZE));
        Path atOnce = shared.resolve("at-once");
        runBy(new BytesPool(small.model), atOnce, opinions(SIZE));
        assertThat(files(temporary)).isEqualTo(files(atOnce));
    }

    private long soundsThatWereHeard() throws IOException {
        try (Stream<Path> scores = Files.walk(temporary.resolve("scores"))) {
            return scores.filter(Files::isRegularFile)
                    .map(file -> sound(temporary.relativize(file)))
                    .distinct()
                    .count();
        }
    }

    private static int distinctSounds() throws IOException {
        try (Stream<Path> replies = Files.walk(whole.resolve("replies"))) {
            return (int) replies.filter(file -> file.toString().endsWith(".wav"))
                    .map(file -> sound(
                            Path.of("scores").resolve(whole.resolve("replies").relativize(file))))
                    .distinct()
                    .count();
        }
    }

    /** That of the reply that a file of scores is about. */
    private static String sound(Path scores) {
        Path reply = whole.resolve("replies").resolve(Path.of("scores").relativize(scores));
        try {
            return HexFormat.of()
                    .formatHex(Files.readAllBytes(Path.of(reply.toString().replaceAll("(json|wav)$", "wav"))));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatWorkersLackIsToldBeforeAnythingIsAsked() {
        Path missing = temporary.resolve("missing.txt");
        Path folder = temporary.resolve("run");
        BytesPool workers = new BytesPool(small.model);

        assertThatThrownBy(() -> runBy(workers, folder, new ScoringPlan("sphinx:" + missing, 0, "none", "none")))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(missing + ": expected a file of sentences, found none");

        assertThat(workers.begun).containsExactly(Hearing.class);
        assertThat(folder).doesNotExist();
    }

    @Test
    void notationsAreCheckedWithoutOpeningAnything() {
        for (String asr : List.of("sphinks", "whisper:", "wisper:a.bin")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Scorers.withWorkers(
                            new ScoringPlan(asr, 0, "none", "none"), List.of(), OptionalInt.empty()))
                    .withMessageStartingWith("recogniser: expected sphinx");
        }
        for (String mos : List.of("dnsmos", "onnx:", "utmos:a.onnx")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Scorers.withWorkers(
                            new ScoringPlan("none", 0, mos, "none"), List.of(), OptionalInt.empty()))
                    .withMessageStartingWith("MOS scorer: expected one of");
        }
    }

    /** Paths are those of this process's folder wherever the work is done; a service with a key is asked from here. */
    @Test
    void workersGetAbsolutePathsAndNoKeys() throws IOException {
        ScoringPlan files = new ScoringPlan("whisper:a/../large.bin", 5, "onnx:utmosv2.onnx", "exact");
        ScoringPlan service = new ScoringPlan("openai:whisper-1@http://localhost:1/v1", 0, "none", "none");

        try (Scorers elsewhere = Scorers.withWorkers(files, List.of(), OptionalInt.empty());
                Scorers here = Scorers.withWorkers(service, List.of(), OptionalInt.of(1))) {
            assertThat(elsewhere.plan()).isEqualTo(files);
            assertThat(elsewhere.hearing())
                    .isEqualTo(new Hearing(
                            ScoringPlan.listening(
                                    "whisper:" + Path.of("large.bin").toAbsolutePath(),
                                    "onnx:" + Path.of("utmosv2.onnx").toAbsolutePath()),
                            null));
            assertThat(elsewhere.listenHere()).isFalse();
            assertThat(here.listenHere()).isTrue();
        }
    }

    /** Counts, and hears the length of the speech. */
    private static final class Counting implements SpeechRecognizer {
        final AtomicInteger heard = new AtomicInteger();

        @Override
        public String transcribe(Waveform speech) {
            heard.incrementAndGet();
            return "of " + speech.samples().length;
        }

        @Override
        public String name() {
            return "a test";
        }

        @Override
        public void close() {}
    }

    @Test
    void aSoundIsHeardOnceHoweverManyRowsHaveItAndWheneverTheyAre() throws IOException {
        Counting listener = new Counting();
        ScoringPlan plan = new ScoringPlan("a test", 0, "none", "contains");
        Scorers scorers = Scorers.of(plan, List.of(listener), new MatchJudge(MatchJudge.Rule.CONTAINS), null);
        CompareSetup setup = setup();

        small.run(temporary, setup, scorers, RunProgress.NONE);
        Map<String, String> all = files(temporary);
        assertThat(listener.heard).hasValue(distinctSounds()).hasValueLessThan(3 * 2);

        // The drafts are verified: the reply, and so its sound, is that of the other row.
        Files.delete(temporary.resolve("scores/none/demo-eval/v001.json"));
        Files.delete(temporary.resolve("scores/draft-8-2/demo-eval/v002.json"));
        small.run(temporary, setup, scorers, RunProgress.NONE);
        assertThat(listener.heard).hasValue(distinctSounds());
        assertThat(files(temporary)).isEqualTo(all);
    }

    @Test
    void onlyTheFirstQuestionsAreHeard() throws IOException {
        Counting listener = new Counting();
        ScoringPlan plan = new ScoringPlan("a test", 1, "none", "contains");
        Scorers scorers = Scorers.of(plan, List.of(listener), new MatchJudge(MatchJudge.Rule.CONTAINS), null);

        CompareOutcome outcome = small.run(temporary, setup(), scorers, RunProgress.NONE);

        assertThat(outcome.rows().getFirst().all().wordErrorRate().utterances()).isEqualTo(1);
        assertThat(outcome.rows().getFirst().all().failures()).isEmpty();
        assertThat(listener.heard.get()).isBetween(1, 2);
        assertThat(Set.of("v001.json", "v002.json")).allSatisfy(item -> {
            String score = Files.readString(temporary.resolve("scores/even-8/demo-eval/" + item));
            assertThat(score.contains("\"heard\"")).isEqualTo(item.equals("v001.json"));
        });
    }
}
