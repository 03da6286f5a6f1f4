package sparrow.study.layers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import sparrow.study.mos.MosScorer;
import sparrow.study.report.Origin;
import sparrow.study.run.Experiment;
import sparrow.study.run.ItemFiles;
import sparrow.study.run.RunFolder;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.StudyQuestion;
import sparrow.study.run.WorkerPool;

/**
 * The layer study (SPAR-K, Table 1): replies at full depth, at every position of which the layers below are read as
 * well, and never followed.
 */
public final class LayerStudy {
    private LayerStudy() {}

    /**
     * The scorer of the layers' sounds.
     *
     * @param replies number of those that are made sound, from the first on; 0 for all
     */
    public record OpinionScoring(MosScorer scorer, int replies) {
        public OpinionScoring {
            if (replies < 0) throw new IllegalArgumentException("MOS items: expected 0 or more, got " + replies);
        }
    }

    /**
     * Reads the layers of replies without a report, or resumes the run in the folder. The readings depend on
     * nothing but the setup.
     *
     * @param workers that answer
     * @throws IllegalArgumentException in one line if the folder is that of a run with other settings
     * @throws sparrow.study.run.RunStoppedException if the thread was interrupted; the same call resumes
     * @throws IOException if a file cannot be read or written
     */
    public static LayerReadings read(Path folder, LayerSetup setup, WorkerPool workers, RunProgress progress)
            throws IOException {
        try (RunFolder run =
                RunFolder.open(folder, setup.settings(), setup.study().mixedNumerics())) {
            return ask(setup, workers, run, progress);
        }
    }

    /**
     * Begins a study, or resumes the one in the folder, and writes its report there. Throws as
     * {@link #read} does.
     *
     * @param workers that answer
     * @param scoring none where no opinions are predicted
     * @param origin for the report
     */
    public static LayerReport run(
            Path folder,
            LayerSetup setup,
            WorkerPool workers,
            Optional<OpinionScoring> scoring,
            Origin origin,
            RunProgress progress)
            throws IOException {
        LayerSetup.Settings settings = setup.settings();
        try (RunFolder run = RunFolder.open(folder, settings, setup.study().mixedNumerics())) {
            LayerReadings readings = ask(setup, workers, run, progress);
            if (readings.answered().isEmpty()) {
                throw new IllegalArgumentException("no question could be asked: "
                        + readings.unasked().firstEntry().getValue());
            }
            SequencedMap<String, LayerSound.Scores> scores =
                    scoring.isPresent() ? score(setup, scoring.get(), readings, run, progress) : new LinkedHashMap<>();
            List<ReplyReading> replies = readings.answered().stream()
                    .map(LayerReadings.Answered::reading)
                    .toList();
            LayerReport report = new LayerReport(
                    facts(setup, settings, scoring, run.mixture(), origin),
                    LayerTable.of(replies, scores.values()),
                    failures(readings, scores));
            report.report().write(folder);
            return report;
        }
    }

    private static LayerReadings ask(LayerSetup setup, WorkerPool workers, RunFolder run, RunProgress progress)
            throws IOException {
        List<StudyQuestion> questions = setup.study().questions();
        ReadingFiles files = new ReadingFiles(run);
        SequencedMap<StudyQuestion, String> failed = new Experiment<>(
                        ReadingJob.of(setup),
                        StudyQuestion.asking(setup.study().textToSpeech()),
                        questions,
                        setup.study().batch(),
                        files,
                        progress)
                .run(workers, "reading layers");
        SequencedMap<String, String> unasked = new LinkedHashMap<>();
        failed.forEach((question, reason) -> unasked.put(question.toString(), reason));
        return new LayerReadings(files.all(questions), unasked);
    }

    private static SequencedMap<String, LayerSound.Scores> score(
            LayerSetup setup, OpinionScoring scoring, LayerReadings readings, RunFolder run, RunProgress progress)
            throws IOException {
        ItemFiles<LayerSound.Scores> kept =
                run.items("mos-" + ItemFiles.name(scoring.scorer().name()), LayerSound.Scores.class);
        LayerSound sound = new LayerSound(
                setup.study().model().synthesizer(),
                setup.study().model().languageModel().units(),
                scoring.scorer(),
                setup.study().decoding().sampling().seed());
        int count = scoring.replies() == 0 ? Integer.MAX_VALUE : scoring.replies();
        List<LayerReadings.Answered> scored =
                readings.answered().stream().limit(count).toList();
        progress.begin("scoring layers", scored.size());
        SequencedMap<String, LayerSound.Scores> scores = new LinkedHashMap<>();
        for (LayerReadings.Answered one : scored) {
            if (Thread.currentThread().isInterrupted()) throw new RunStoppedException();
            // A sound without a score is tried again.
            Optional<LayerSound.Scores> known = kept.read(one.set(), one.id())
                    .filter(score -> score.failures().isEmpty());
            LayerSound.Scores own = known.isPresent() ? known.get() : sound.score(one.reading());
            if (known.isEmpty()) kept.write(own, one.set(), one.id());
            scores.put(one.set() + " " + one.id(), own);
            progress.done();
        }
        return scores;
    }

    private static List<String> failures(LayerReadings readings, SequencedMap<String, LayerSound.Scores> scores) {
        List<String> failures = new ArrayList<>();
        readings.unasked().forEach((question, reason) -> failures.add(question + ": not asked: " + reason));
        scores.forEach((question, score) -> score.failures().forEach(reason -> failures.add(question + ": " + reason)));
        return failures;
    }

    private static SequencedMap<String, String> facts(
            LayerSetup setup,
            LayerSetup.Settings settings,
            Optional<OpinionScoring> scoring,
            Optional<String> mixture,
            Origin origin) {
        SequencedMap<String, String> facts = settings.study().facts();
        facts.put(
                "lens",
                switch (setup.lens()) {
                    case HEAD -> "the exit head of each layer";
                    case OUTPUT -> "the model's final norm and output matrix";
                });
        scoring.ifPresent(by -> facts.put("opinion", by.scorer().name()));
        mixture.ifPresent(words -> facts.put("arithmetic", words));
        facts.putAll(origin.facts());
        return facts;
    }
}
