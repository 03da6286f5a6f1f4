package sparrow.study.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.study.Bundled.MODEL;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.app.report.Machine;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.Verification;
import sparrow.engine.head.Sampling;
import sparrow.models.PolicyFile;
import sparrow.study.compare.CompareSetup;
import sparrow.study.data.Datasets;
import sparrow.study.data.Task;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.report.Origin;
import sparrow.study.run.Decoding;
import sparrow.study.run.LocalPool;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.RunProgress;
import sparrow.study.run.StudySetup;
import sparrow.study.scoring.Scorers;
import sparrow.study.scoring.ScoringPlan;
import sparrow.study.speak.TextToSpeech;

/** Tuning the bundled model on a few questions. */
@Tag("full")
class TuningTest {
    private static final String DATA = "folder:" + System.getProperty("sparrow.testdata") + "/demo-eval";
    private static final Origin ORIGIN = new Origin("sparrow study tune", "0", Machine.here(), 1, 256, "cpu");
    private static final ScoringPlan JUDGED = new ScoringPlan(ScoringPlan.NONE, 0, ScoringPlan.NONE, "exact");

    @TempDir
    private Path folder;

    /** Notes what has to be done. */
    private static final class Work implements RunProgress {
        private final Map<String, Integer> stages = new HashMap<>();

        @Override
        public void begin(String stage, int steps) {
            stages.put(stage, steps);
        }

        @Override
        public void now(String what) {}

        @Override
        public void done() {}
    }

    private static TuneSetup setup(String budget) throws IOException {
        return setup(budget, "even", "conf");
    }

    private static TuneSetup setup(String budget, String... schedules) throws IOException {
        Budget bounds = Budget.parse(budget);
        TreeSet<Integer> layers = new TreeSet<>(List.of(6, 14));
        List<PolicyCase> rows = Candidates.of(List.of(schedules), layers, List.of(0.2), List.of(2), 2).stream()
                .map(plan -> TuneSetup.candidate(plan, bounds))
                .toList();
        QuestionSet set = QuestionSet.read("demo", Datasets.open(DATA), 2);
        Decoding decoding = new Decoding(Sampling.GREEDY, Limits.newTokens(60));
        StudySetup study = new StudySetup(MODEL, List.of(set), TextToSpeech.none(), decoding, 3, MixedNumerics.REFUSED);
        return new TuneSetup(new CompareSetup(study, rows, 0), bounds);
    }

    private TuneOutcome run(TuneSetup setup, RunProgress progress) throws IOException {
        try (Scorers scorers = Scorers.open(JUDGED, List.of(Task.REFERENCE_ANSWERS), 1)) {
            return Tuning.run(folder.resolve("work"), setup, new LocalPool(MODEL), scorers, ORIGIN, progress);
        }
    }

    @Test
    void choosesByTheBudgetAndWritesWhatTheCommandsTake() throws IOException {
        TuneSetup setup = setup("agreement=99");

        TuneOutcome outcome = run(setup, RunProgress.NONE);
        Path file = folder.resolve("policy.json");
        Tuning.policyFile(file, setup, outcome, ORIGIN).write();

        // Layer 6 agrees too seldom, and half of the positions after layer 14 save little: the heads are sure more
        // often.
        Measured chosen = outcome.chosen().orElseThrow();
        assertThat(chosen.quality(Quality.AGREEMENT)).isGreaterThanOrEqualTo(99);
        assertThat(chosen.depthSaved())
                .isEqualTo(outcome.sweep().within(setup.budget()).stream()
                        .mapToDouble(Measured::depthSaved)
                        .max()
                        .orElseThrow());
        PolicyFile read = PolicyFile.read(file);
        assertThat(read.planFor(MODEL.languageModel().transformer())).isEqualTo(chosen.plan());
        assertThat(read.chosen()).containsEntry("budget", "agreement=99").containsEntry("data", "2 of demo");
        assertThat(Files.readAllLines(folder.resolve("work/sweep.csv"))).hasSize(1 + 1 + 4);
        assertThat(Files.readString(folder.resolve("work/report.json")))
                .contains("\"chosen\" : \"" + chosen.policies() + "\"");
    }

    @Test
    void choosesTheFewestReadingsOfThePlansThatAreExactAndWritesWhatBecomesOfDrafts() throws IOException {
        TuneSetup setup = setup("exact", "even", "draft");

        TuneOutcome outcome = run(setup, RunProgress.NONE);
        Path file = folder.resolve("policy.json");
        Tuning.policyFile(file, setup, outcome, ORIGIN).write();

        assertThat(outcome.sweep().policies())
                .extracting(Measured::policies)
                .containsExactly("even:6+verify", "even:14+verify", "draft:6:2", "draft:14:2");
        assertThat(outcome.sweep().policies())
                .allSatisfy(
                        policy -> assertThat(policy.quality(Quality.AGREEMENT)).isEqualTo(100))
                .allSatisfy(policy -> assertThat(policy.quality(Quality.ACCURACY))
                        .isEqualTo(outcome.sweep().fullDepth().quality(Quality.ACCURACY)));
        Measured chosen = outcome.chosen().orElseThrow();
        assertThat(chosen.layersRead())
                .isLessThan(16)
                .isEqualTo(outcome.sweep().policies().stream()
                        .mapToDouble(Measured::layersRead)
                        .min()
                        .orElseThrow());
        PolicyFile read = PolicyFile.read(file);
        assertThat(read.plan()).isEqualTo(chosen.plan());
        assertThat(read.plan().verification()).isEqualTo(Verification.EXACT);
        assertThat(read.chosen()).containsEntry("budget", "exact").doesNotContainKey("depth_saved");
        assertThat(read.chosen().get("layers_read")).matches("[0-9.]+ of 16 per token, [0-9.]+ % fewer");
    }

    @Test
    void choosesAThresholdOfTextByTheReadingsOfAllPositions() throws IOException {
        TuneOutcome outcome = run(setup("agreement=99", "text=even", "text=conf"), RunProgress.NONE);

        assertThat(outcome.sweep().policies())
                .extracting(Measured::policies)
                .containsExactly("text=even:6", "text=even:14", "text=conf:6:0.2", "text=conf:14:0.2");
        // Speech runs at full depth, and positions of text are counted beside those of speech.
        assertThat(outcome.sweep().policies()).allSatisfy(policy -> {
            assertThat(policy.averageExit()).isEqualTo(16);
            assertThat(policy.depthSaved()).isPositive().isEqualTo(1 - policy.layersRead() / policy.layers());
        });
        assertThat(outcome.sweep().policies().getFirst().quality(Quality.AGREEMENT))
                .isLessThan(99);
        assertThat(outcome.chosen()).isPresent();
    }

    @Test
    void choosesAnewForAnotherBudgetWithoutAskingAgain() throws IOException {
        run(setup("agreement=99"), RunProgress.NONE);
        Work work = new Work();

        TuneOutcome lax = run(setup("agreement=0"), work);
        TuneSetup impossible = setup("accuracy=101");
        TuneOutcome strict = run(impossible, work);

        assertThat(work.stages).containsEntry("reading layers", 0).containsEntry("asking", 0);
        assertThat(lax.sweep().within(lax.budget())).hasSize(4);
        assertThat(strict.chosen()).isEmpty();
        assertThatThrownBy(() -> Tuning.policyFile(folder.resolve("policy.json"), impossible, strict, ORIGIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no candidate meets accuracy=101");
    }

    @Test
    void refusesABudgetOfWhatNobodyMeasures() throws IOException {
        TuneSetup setup = setup("wer=+2.0");

        assertThatThrownBy(() -> run(setup, RunProgress.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--budget wer: expected --asr, which measures it");
        assertThat(folder.resolve("work")).doesNotExist();
    }
}
