package sparrow.study.paper;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import sparrow.study.compare.CompareOutcome;
import sparrow.study.compare.CompareSetup;
import sparrow.study.compare.Comparison;
import sparrow.study.compare.PolicyResult;
import sparrow.study.layers.LayerReport;
import sparrow.study.layers.LayerSetup;
import sparrow.study.layers.LayerStudy;
import sparrow.study.layers.Lens;
import sparrow.study.report.Origin;
import sparrow.study.report.Report;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.RunProgress;
import sparrow.study.run.StudySetup;
import sparrow.study.run.WorkerPool;
import sparrow.study.scoring.Scorers;
import sparrow.study.tune.Budget;
import sparrow.study.tune.Sweep;

/**
 * Runs the experiments of sections 4.1, 5.2, 5.3 and 5.4 and of Appendix B: chooses exit layers on held-out questions, reads the
 * layers of full-depth replies, compares all exit plans on the questions of the tables, and writes the page. Each part is a study in a
 * folder of its own, which resumes.
 */
public final class PaperStudy {
    /** The page in the folder of a run. */
    public static final String PAGE = "index.html";

    /** Replies whose layers the page plays. */
    private static final int SAMPLES = 2;

    private final Path folder;
    private final PaperSetup setup;
    private final WorkerPool workers;
    private final Scorers scorers;
    private final Origin origin;
    private final RunProgress progress;

    /**
     * @param workers that answer, and score speech unless its scorers are open here
     * @param origin for the reports
     */
    public PaperStudy(
            Path folder, PaperSetup setup, WorkerPool workers, Scorers scorers, Origin origin, RunProgress progress) {
        this.folder = folder;
        this.setup = setup;
        this.workers = workers;
        this.scorers = scorers;
        this.origin = origin;
        this.progress = progress;
    }

    /**
     * Runs what is missing, and writes the page.
     *
     * @throws IllegalArgumentException in one line if the model has no published table or the folder is that of another run
     * @throws sparrow.study.run.RunStoppedException if the thread was interrupted; the same call resumes
     * @throws IOException if a file cannot be read or written
     */
    public Report run() throws IOException {
        LayerChoice choice = LayerChoice.published(setup.model());
        Optional<CompareOutcome> heldOut = Optional.empty();
        if (setup.heldOut().isPresent()) {
            StudySetup questions = setup.with(setup.heldOut().get());
            Budget budget = LayerChoice.budget(scorers.plan());
            heldOut = Optional.of(compare("held-out", questions, LayerChoice.candidates(setup.model()), 0));
            choice = choice.withLayers(sweep(heldOut.get()), budget);
            choice = choice.withText(sweep(compare("held-out-text", questions, choice.textCandidates(), 0)), budget);
        }
        LayerReport layers = layers();
        PaperCases cases = PaperCases.of(setup.model(), choice);
        CompareOutcome compared = compare("policies", setup.study(), cases.all(), SAMPLES);
        Map<String, PolicyResult> rows = new LinkedHashMap<>();
        for (PolicyResult row : compared.rows()) rows.put(row.policy().policies(), row);
        Claims claims = new Claims(setup, cases, choice, rows, layers.table());
        Report page = new PaperPage(claims, heldOut, layers, facts(choice)).report();
        page.write(folder, PAGE);
        return page;
    }

    private CompareOutcome compare(String part, StudySetup questions, List<PolicyCase> cases, int samples)
            throws IOException {
        CompareSetup compared = new CompareSetup(questions, cases, 0);
        return Comparison.run(folder.resolve(part), compared, workers, scorers, origin, samples, of(part));
    }

    private Sweep sweep(CompareOutcome outcome) {
        return Sweep.of(outcome.rows(), Optional.empty(), setup.layers());
    }

    private LayerReport layers() throws IOException {
        LayerSetup read = new LayerSetup(
                setup.with(setup.study().sets().getFirst()), LayerChoice.layers(setup.model()), Lens.HEAD);
        LayerStudy.Sounds sounds = new LayerStudy.Sounds(scorers, 0, SAMPLES);
        return LayerStudy.run(folder.resolve("layers"), read, workers, Optional.of(sounds), origin, of("layers"));
    }

    /** The progress of one part, whose stages have its name in front. */
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
                new LinkedHashMap<>(setup.study().settings().facts());
        facts.put(
                "held-out questions",
                setup.heldOut()
                        .map(set -> set.items().size() + " of " + set.name())
                        .orElse("none: exit layers are the published ones"));
        if (setup.heldOut().isPresent()) {
            facts.put("budget", LayerChoice.budget(scorers.plan()).toString());
        }
        facts.put("chosen exits", choice.toString());
        facts.putAll(scorers.plan().facts());
        facts.putAll(origin.facts());
        return facts;
    }
}
