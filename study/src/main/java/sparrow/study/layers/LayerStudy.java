package sparrow.study.layers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import sparrow.speech.wave.WavFile;
import sparrow.study.folder.ItemFiles;
import sparrow.study.folder.RunFolder;
import sparrow.study.layers.LayerSounds.LayerSound;
import sparrow.study.report.Origin;
import sparrow.study.report.SampleSound;
import sparrow.study.report.StudyCounts;
import sparrow.study.run.Experiment;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.ResultStore;
import sparrow.study.run.RunProgress;
import sparrow.study.run.StudyQuestion;
import sparrow.study.run.WorkerPool;
import sparrow.study.scoring.Scorers;

/**
 * The layer study (SPAR-K, Table 1): replies at full depth, with the lower layers read at each position, but never used
 * for decoding.
 */
public final class LayerStudy {
    private LayerStudy() {}

    /**
     * Settings for the audio of the layers, which is stored.
     *
     * @param scorers audio scorers opened in this process
     * @param replies number of replies to synthesise, starting with the first, or 0 for all
     * @param samples number of replies whose layers can be played in the report
     */
    public record Sounds(Scorers scorers, int replies, int samples) {
        public Sounds {
            if (replies < 0) throw new IllegalArgumentException("sounds: expected 0 or more, got " + replies);
        }
    }

    /**
     * Reads the layers of replies without a report, or resumes the run in the folder. The readings depend only on the
     * setup.
     *
     * @param workers workers that answer
     * @throws IllegalArgumentException if the folder contains a run with other settings; the message is one line
     * @throws sparrow.study.run.RunStoppedException if the thread is interrupted; the same call resumes the run
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
     * Starts a study, or resumes the study in the folder, and writes the report to the folder. Throws the exceptions of
     * {@link #read}.
     *
     * @param workers workers that answer
     * @param sounds audio settings, or empty to synthesise no audio
     * @param origin origin for the report
     */
    public static LayerReport run(
            Path folder,
            LayerSetup setup,
            WorkerPool workers,
            Optional<Sounds> sounds,
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
            LayerSounds made = new LayerSounds(setup, run);
            List<LayerSounds.Sounded> sounded =
                    sounds.isPresent() ? sounded(made, sounds.get(), readings, progress) : List.of();
            int samples = sounds.map(Sounds::samples).orElse(0);
            StudyCounts counts = counts(readings, sounded);
            SequencedMap<String, String> facts = facts(setup, settings, sounds, run.mixedNumericsNote(), origin);
            facts.put("counts", counts.toString());
            LayerReport report = new LayerReport(
                    facts,
                    LayerTable.of(readings.answered(), sounded),
                    samples(made, sounded.stream().limit(samples).toList()),
                    counts,
                    failures(readings, sounded));
            report.report().write(folder);
            return report;
        }
    }

    private static StudyCounts counts(LayerReadings readings, List<LayerSounds.Sounded> sounded) {
        int scores = 0;
        int failed = 0;
        for (LayerSounds.Sounded one : sounded) {
            for (LayerSound layer : one.layers()) {
                if (layer.heard() != null) scores++;
                if (layer.mos() != null) scores++;
            }
            failed += (int) one.failures().stream()
                    .filter(failure -> !failure.scorer().isEmpty())
                    .count();
        }
        return readings.counts().plus(new StudyCounts(0, new LinkedHashMap<>(), 0, 0, scores, failed));
    }

    /** The files of a layer study by question: {@code readings/}. */
    private static final class ReadingFiles implements ResultStore<StudyQuestion, ReplyReading> {
        private final ItemFiles<ReplyReading> readings;

        ReadingFiles(RunFolder run) {
            readings = run.items("readings", ReplyReading.class);
        }

        @Override
        public boolean holds(StudyQuestion question, PolicyCase by) throws IOException {
            return reading(question).isPresent();
        }

        @Override
        public void keep(StudyQuestion question, PolicyCase by, ReplyReading found) throws IOException {
            readings.write(found, question.set().name(), question.item().id());
        }

        private Optional<ReplyReading> reading(StudyQuestion question) throws IOException {
            return readings.read(question.set().name(), question.item().id());
        }

        /** Returns the stored readings in the order of the questions. */
        List<LayerReadings.Answered> all(List<StudyQuestion> questions) throws IOException {
            List<LayerReadings.Answered> answered = new ArrayList<>();
            for (StudyQuestion question : questions) {
                Optional<ReplyReading> reading = reading(question);
                if (reading.isEmpty()) continue;
                answered.add(new LayerReadings.Answered(question, reading.get()));
            }
            return answered;
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

    private static List<LayerSounds.Sounded> sounded(
            LayerSounds made, Sounds sounds, LayerReadings readings, RunProgress progress) throws IOException {
        int count = sounds.replies() == 0 ? Integer.MAX_VALUE : sounds.replies();
        return made.of(readings.answered().stream().limit(count).toList(), sounds.scorers(), progress);
    }

    private static List<LayerReport.Sample> samples(LayerSounds made, List<LayerSounds.Sounded> sounded)
            throws IOException {
        List<LayerReport.Sample> samples = new ArrayList<>();
        for (LayerSounds.Sounded one : sounded) {
            String question = one.answered().question().item().question();
            LayerSound last = one.layers().getLast();
            for (LayerSound layer : one.layers()) {
                boolean asLast = layer != last
                        && layer.sha256() != null
                        && layer.sha256().equals(last.sha256());
                byte[] wav = layer.sha256() == null || asLast
                        ? null
                        : SampleSound.of(WavFile.read(made.wav(layer.sha256())));
                samples.add(new LayerReport.Sample(question, layer, wav));
            }
        }
        return samples;
    }

    private static List<String> failures(LayerReadings readings, List<LayerSounds.Sounded> sounded) {
        List<String> failures = new ArrayList<>();
        readings.unasked().forEach((question, reason) -> failures.add(question + ": could not be asked: " + reason));
        for (LayerSounds.Sounded one : sounded) {
            StudyQuestion question = one.answered().question();
            one.failures().forEach(failure -> failures.add(question + ": " + failure));
        }
        return failures;
    }

    private static SequencedMap<String, String> facts(
            LayerSetup setup,
            LayerSetup.Settings settings,
            Optional<Sounds> sounds,
            Optional<String> mixedNumericsNote,
            Origin origin) {
        SequencedMap<String, String> facts = settings.study().facts();
        facts.put(
                "lens",
                switch (setup.lens()) {
                    case HEAD -> "the exit head of each layer";
                    case OUTPUT -> "the model's final norm and output matrix";
                });
        sounds.ifPresent(by -> {
            facts.put("recogniser", by.scorers().plan().asr());
            facts.put("opinion", by.scorers().plan().mos());
        });
        mixedNumericsNote.ifPresent(note -> facts.put("arithmetic", note));
        facts.putAll(origin.facts());
        return facts;
    }
}
