package sparrow.study.paper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import sparrow.models.SpokenModel;
import sparrow.study.compare.CompareSetup;
import sparrow.study.compare.Comparison;
import sparrow.study.compare.Comparison.CompareOutcome;
import sparrow.study.compare.PolicyResult;
import sparrow.study.layers.LayerReport;
import sparrow.study.layers.LayerSetup;
import sparrow.study.layers.LayerStudy;
import sparrow.study.layers.Lens;
import sparrow.study.report.Origin;
import sparrow.study.report.Report;
import sparrow.study.report.StudyCounts;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.RunProgress;
import sparrow.study.run.StudySetup;
import sparrow.study.run.WorkerPool;
import sparrow.study.scoring.Scorers;
import sparrow.study.tune.Budget;
import sparrow.study.tune.Sweep;

/**
 * Runs the experiments of sections 4.1, 5.3 and 5.4: chooses exit layers on held-out questions,
 * reads the layers of full-depth replies, compares all exit plans on the questions of the tables, and writes the page.
 * Each part is a resumable study in a separate folder.
 *
 * @param study model and question sets for the tables; the layer study uses the first set
 * @param heldOut questions that no table uses, for choosing exit layers and thresholds, or empty to use the
 *     published layers and thresholds
 * @param workers workers that answer questions, and that score speech unless speech scorers are open in this
 *     process
 * @param origin origin for the reports
 */
public record PaperStudy(
        Path folder,
        StudySetup study,
        Optional<QuestionSet> heldOut,
        WorkerPool workers,
        Scorers scorers,
        Origin origin,
        RunProgress progress) {
    /** File name of the page in the folder of a run. */
    public static final String PAGE = "index.html";

    private static final String HELD_OUT = "held-out";

    private static final String TABLES = "policies";

    /** Number of replies whose layers can be played on the page. */
    private static final int LAYER_SAMPLES = 1;

    /** Number of questions whose exits are drawn and whose replies can be played on the page. */
    private static final int SAMPLES = 3;

    /**
     * The page as written, and the counts of all parts.
     *
     * @param page the page
     * @param counts counts of all parts
     */
    public record Outcome(Report page, StudyCounts counts) {}

    /**
     * Runs missing experiments, and writes the page.
     *
     * @throws IllegalArgumentException if the model has no published table, or the folder contains another run; the
     *     message is one line
     * @throws sparrow.study.run.RunStoppedException if the thread is interrupted; the same call resumes the run
     * @throws IOException if a file cannot be read or written
     */
    public Outcome run() throws IOException {
        SpokenModel model = study.model();
        LayerChoice choice = LayerChoice.published(model);
        estimate(choice);
        List<PolicyResult> candidates = List.of();
        List<StudyCounts> parts = new ArrayList<>();
        if (heldOut.isPresent()) {
            Budget budget = LayerChoice.budget(scorers.plan());
            List<PolicyCase> schedules = LayerChoice.candidates(model);
            candidates = compare(HELD_OUT, with(heldOut.get()), schedules, 0).rows();
            choice = choice.withLayers(sweep(candidates), budget).withFront(model, candidates);
            List<PolicyCase> text = choice.textCandidates();
            // This folder contains the full-depth replies.
            List<PolicyCase> all =
                    Stream.concat(schedules.stream(), text.stream()).toList();
            CompareOutcome compared = compare(HELD_OUT, with(heldOut.get()), all, 0);
            parts.add(compared.counts().in(HELD_OUT));
            List<PolicyResult> chosenFrom = compared.rows().stream()
                    .filter(row -> !schedules.contains(row.policy()))
                    .toList();
            choice = choice.withText(sweep(chosenFrom), budget);
        }
        LayerReport layers = layers();
        parts.add(layers.counts().in("layers"));
        PaperCases cases = PaperCases.of(model, choice);
        Map<String, PolicyResult> rows = new LinkedHashMap<>();
        CompareOutcome policies = compare(TABLES, study, cases.all(), SAMPLES);
        parts.add(policies.counts().in(TABLES));
        for (PolicyResult row : policies.rows()) rows.put(row.policies(), row);
        StudyCounts counts = parts.stream().reduce(StudyCounts::plus).orElseThrow();
        Claims claims = new Claims(model, cases, choice, rows, layers.table());
        SequencedMap<String, String> facts = facts(choice);
        facts.put("counts", counts.toString());
        Report page = counts.addTo(new PaperPage(claims, candidates, layers, policies.samples(), facts).report());
        page.write(folder, PAGE);
        return new Outcome(page, counts);
    }

    /** Answers all questions at full depth, and reports the expected duration of the rest. A resumed run reports none. */
    private void estimate(LayerChoice choice) throws IOException {
        if (Files.exists(folder.resolve(TABLES)) || Files.exists(folder.resolve(HELD_OUT))) return;
        Optional<ExpectedDuration.Comparison> chosenBy = Optional.empty();
        if (heldOut.isPresent()) {
            List<PolicyCase> tried = new ArrayList<>(LayerChoice.candidates(study.model()));
            tried.addAll(choice.textCandidates());
            chosenBy = Optional.of(fullDepth(HELD_OUT, with(heldOut.get()), tried));
        }
        List<PolicyCase> cases = PaperCases.of(study.model(), choice).all();
        long begin = System.nanoTime();
        ExpectedDuration.Comparison tables = fullDepth(TABLES, study, cases);
        Duration taken = Duration.ofNanos(System.nanoTime() - begin);
        int layers = LayerChoice.layers(study.model()).size() + 1;
        int replies = study.sets().getFirst().items().size() * layers;
        ExpectedDuration expected = new ExpectedDuration(taken, tables, chosenBy, replies);
        progress.expect(expected.remaining(), expected.work());
    }

    /** Runs the full-depth part of a comparison, and returns the size of the complete comparison. */
    private ExpectedDuration.Comparison fullDepth(String part, StudySetup questions, List<PolicyCase> cases)
            throws IOException {
        compare(part, questions, List.of(PolicyCase.NONE), 0);
        int plans = new CompareSetup(questions, cases, 0).cases().size();
        return new ExpectedDuration.Comparison(questions.questions().size(), plans);
    }

    private StudySetup with(QuestionSet set) {
        return new StudySetup(
                study.model(),
                List.of(set),
                study.textToSpeech(),
                study.decoding(),
                study.batch(),
                study.mixedNumerics());
    }

    private CompareOutcome compare(String part, StudySetup questions, List<PolicyCase> cases, int samples)
            throws IOException {
        CompareSetup compared = new CompareSetup(questions, cases, 0);
        return Comparison.run(folder.resolve(part), compared, workers, scorers, origin, samples, of(part));
    }

    private Sweep sweep(List<PolicyResult> rows) {
        return Sweep.of(rows, Optional.empty(), study.model().languageModel().layers());
    }

    private LayerReport layers() throws IOException {
        LayerSetup read = new LayerSetup(with(study.sets().getFirst()), LayerChoice.layers(study.model()), Lens.HEAD);
        LayerStudy.Sounds sounds = new LayerStudy.Sounds(scorers, 0, LAYER_SAMPLES);
        return LayerStudy.run(folder.resolve("layers"), read, workers, Optional.of(sounds), origin, of("layers"));
    }

    /** Returns a progress listener for one part, which adds the part's name to the names of its stages. */
    private RunProgress of(String part) {
        return new RunProgress() {
            @Override
            public void begin(String stage, int steps) {
                progress.begin(part + ": " + stage, steps);
            }

            @Override
            public void now(String what) {
                progress.now(what);
            }

            @Override
            public void done() {
                progress.done();
            }
        };
    }

    private SequencedMap<String, String> facts(LayerChoice choice) throws IOException {
        SequencedMap<String, String> facts =
                new LinkedHashMap<>(study.settings().facts());
        facts.put(
                "held-out questions",
                heldOut.map(set -> set.items().size() + " of " + set.name())
                        .orElse("none: exit layers are the published ones"));
        if (heldOut.isPresent()) {
            facts.put("budget", LayerChoice.budget(scorers.plan()).toString());
        }
        facts.put("chosen exits", choice.toString());
        facts.putAll(scorers.plan().facts());
        facts.putAll(origin.facts());
        return facts;
    }
}
