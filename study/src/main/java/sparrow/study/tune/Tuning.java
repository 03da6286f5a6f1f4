package sparrow.study.tune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import sparrow.models.PolicyFile;
import sparrow.models.SpokenModel;
import sparrow.study.compare.Comparison;
import sparrow.study.compare.Comparison.CompareOutcome;
import sparrow.study.folder.RunFolder;
import sparrow.study.layers.LayerReadings;
import sparrow.study.layers.LayerStudy;
import sparrow.study.report.Origin;
import sparrow.study.report.StudyCounts;
import sparrow.study.run.RunProgress;
import sparrow.study.run.WorkerPool;
import sparrow.study.scoring.Scorers;
import sparrow.study.scoring.ScoringPlan;

/**
 * Tunes an exit policy in three steps. Reading the layers of full-depth replies determines the agreement of every
 * candidate. Then replies of every candidate are generated and scored ({@link Comparison}). Finally, the best candidate
 * within the budget is chosen. Another budget with the same candidates requires no new replies.
 */
public final class Tuning {
    private static final String LAYERS = "layers";
    private static final String SWEEP = "sweep";

    private Tuning() {}

    /**
     * Starts a tuning run, or resumes the run in the folder, and writes the report and {@code sweep.csv} to the folder.
     * The comparison's own report is written to {@code sweep/}, and the readings to {@code layers/}.
     *
     * @param workers workers that answer questions, and that score speech unless speech scorers are open in this
     *     process
     * @param scorers scorers of the qualities in the budget
     * @param origin origin for the report
     * @throws IllegalArgumentException if the folder contains a run with other settings, or no scorer measures a
     *     quality of the budget; the message is one line
     * @throws sparrow.study.run.RunStoppedException if the thread is interrupted; the same call resumes the run
     * @throws IOException if a file cannot be read or written
     */
    public static TuneOutcome run(
            Path folder, TuneSetup setup, WorkerPool workers, Scorers scorers, Origin origin, RunProgress progress)
            throws IOException {
        checkMeasured(setup.budget(), scorers.plan());
        LayerReadings readings = LayerStudy.read(folder.resolve(LAYERS), setup.layers(), workers, progress);
        CompareOutcome compared =
                Comparison.run(folder.resolve(SWEEP), setup.sweep(), workers, scorers, origin, 0, progress);
        SequencedMap<String, String> facts = setup.sweep().study().settings().facts();
        facts.putAll(scorers.plan().facts());
        for (String part : List.of(LAYERS, SWEEP)) {
            RunFolder.mixedNumericsNote(folder.resolve(part)).ifPresent(note -> facts.put("arithmetic, " + part, note));
        }
        facts.putAll(origin.facts());
        StudyCounts counts = readings.counts().in(LAYERS).plus(compared.counts().in(SWEEP));
        facts.put("counts", counts.toString());
        TuneOutcome outcome = TuneOutcome.of(
                setup.budget(),
                Sweep.of(
                        compared.rows(),
                        Optional.of(readings),
                        setup.sweep().study().model().languageModel().layers()),
                counts,
                facts);
        outcome.report().write(folder);
        return outcome;
    }

    /** Checks that scorers measure the qualities of the budget, before long work starts. */
    private static void checkMeasured(Budget budget, ScoringPlan plan) {
        for (Quality quality : budget.qualities()) {
            switch (quality) {
                case WER -> checkOpen(quality, "--asr", plan.recogniser());
                case MOS -> checkOpen(quality, "--mos", plan.opinionScorer());
                case ACCURACY -> checkOpen(quality, "--judge", plan.rater());
                case AGREEMENT -> {
                    // Agreement is computed from the readings.
                }
            }
        }
    }

    private static void checkOpen(Quality quality, String option, Optional<String> scorer) {
        if (scorer.isEmpty()) {
            throw new IllegalArgumentException("--budget " + quality + ": expected " + option + ", which measures it");
        }
    }

    /**
     * Returns the chosen policy as a file for other commands.
     *
     * @param file path of the file
     * @throws IllegalArgumentException if no policy was chosen; the message is one line
     */
    public static PolicyFile policyFile(Path file, TuneSetup setup, TuneOutcome outcome, Origin origin) {
        SpokenModel model = setup.sweep().study().model();
        Measured chosen = outcome.chosen()
                .orElseThrow(() -> new IllegalArgumentException("--budget: no candidate meets " + outcome.budget()
                        + " and saves layer reads; nothing was written to " + file));
        return PolicyFile.chosen(file, chosen.plan(), model, reasons(setup, outcome, chosen, origin));
    }

    private static SequencedMap<String, String> reasons(
            TuneSetup setup, TuneOutcome outcome, Measured chosen, Origin origin) {
        SequencedMap<String, String> reasons = new LinkedHashMap<>();
        SpokenModel model = setup.sweep().study().model();
        reasons.put("model", model.name());
        reasons.put("budget", outcome.budget().toString());
        reasons.put(
                "data",
                setup.sweep().study().sets().stream()
                        .map(set -> set.items().size() + " of " + set.name())
                        .collect(Collectors.joining(", ")));
        reasons.put("candidates", String.valueOf(outcome.sweep().policies().size()));
        // The saved depth would be misleading, because drafts save no depth, although they read fewer layers.
        int layers = model.languageModel().layers();
        reasons.put(
                "layers_read",
                String.format(
                        Locale.ROOT,
                        "%.2f of %d per token, %.1f %% fewer",
                        chosen.layersRead(),
                        layers,
                        100 * (1 - chosen.layersRead() / layers)));
        outcome.budget().measuredRowCost().ifPresent(cost -> reasons.put("row_cost", cost));
        for (Quality quality : Quality.values()) {
            Optional.ofNullable(chosen.quality(quality))
                    .ifPresent(value -> reasons.put(
                            quality.toString(),
                            shown(value, quality) + ", full depth "
                                    + shown(outcome.sweep().fullDepth().quality(quality), quality)));
        }
        reasons.put("command", origin.command());
        reasons.put("version", origin.version());
        return reasons;
    }

    private static String shown(double value, Quality quality) {
        return String.format(Locale.ROOT, "%." + quality.decimals() + "f", value);
    }
}
