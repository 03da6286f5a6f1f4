package sparrow.study.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import sparrow.app.report.Machine;
import sparrow.engine.decode.Limits;
import sparrow.engine.head.Sampling;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.speech.asr.SpeechRecognizer;
import sparrow.speech.wave.Waveform;
import sparrow.study.compare.Comparison.CompareOutcome;
import sparrow.study.data.Datasets;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.judge.MatchJudge;
import sparrow.study.mos.Mos;
import sparrow.study.mos.MosScorer;
import sparrow.study.report.Origin;
import sparrow.study.run.Decoding;
import sparrow.study.run.LocalPool;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.RunProgress;
import sparrow.study.run.StudySetup;
import sparrow.study.run.WorkerPool;
import sparrow.study.scoring.Scorers;
import sparrow.study.scoring.ScoringPlan;
import sparrow.study.speak.TextToSpeech;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Comparisons of the bundled model that take seconds: few questions, and scorers that need no model. */
final class SmallRun implements AutoCloseable {
    private static final Path QUESTIONS = Path.of(System.getProperty("sparrow.testdata"), "demo-eval");

    final SpokenModel model;
    private final ComputePool pool = new ComputePool(1);

    SmallRun() throws IOException {
        model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(pool));
    }

    /** With this model, which is closed with the run. */
    SmallRun(SpokenModel model) {
        this.model = model;
    }

    /** The first questions of the bundled model's evaluation set. */
    static QuestionSet questions(int items) throws IOException {
        return QuestionSet.read("demo-eval", Datasets.open("folder:" + QUESTIONS), items);
    }

    CompareSetup setup(QuestionSet set, int batch, int timedItems, String... policies) {
        List<PolicyCase> rows = new ArrayList<>();
        for (String notation : policies) rows.add(PolicyCase.parse(notation));
        // Not greedy, so that a seed is at work.
        Decoding decoding = new Decoding(new Sampling(0.3, 0, 1, 1, 7), new Limits(40, 30));
        StudySetup study =
                new StudySetup(model, List.of(set), TextToSpeech.none(), decoding, batch, MixedNumerics.REFUSED);
        return new CompareSetup(study, rows, timedItems);
    }

    /** As many threads as recognisers. */
    static Scorers scorers(Recognizer... recognizers) {
        ScoringPlan plan = new ScoringPlan("a test", 0, "a test", "contains");
        return Scorers.of(plan, List.of(recognizers), new MatchJudge(MatchJudge.Rule.CONTAINS), new Loudness());
    }

    static Scorers scorers() {
        return scorers(new Recognizer(Set.of()), new Recognizer(Set.of()));
    }

    CompareOutcome run(Path folder, CompareSetup setup, Scorers scorers, RunProgress progress) throws IOException {
        return run(folder, setup, new LocalPool(setup.model()), scorers, progress);
    }

    CompareOutcome run(Path folder, CompareSetup setup, WorkerPool workers, Scorers scorers, RunProgress progress)
            throws IOException {
        Origin origin = new Origin("sparrow study compare <test>", "sparrow test", Machine.here(), 1, 256, "cpu");
        return Comparison.run(folder, setup, workers, scorers, origin, 1, progress);
    }

    @Override
    public void close() {
        model.close();
        pool.close();
    }

    /** Gives words that depend on the speech and on nothing else; speech of some lengths fails once. */
    static final class Recognizer implements SpeechRecognizer {
        private final Set<Integer> deafFor;

        /** @param deafFor lengths of speech in samples that fail once */
        Recognizer(Set<Integer> deafFor) {
            this.deafFor = new HashSet<>(deafFor);
        }

        @Override
        public String transcribe(Waveform speech) throws IOException {
            int samples = speech.samples().length;
            if (deafFor.remove(samples)) throw new IOException("the line\nis dead");
            return "the capital of "
                    + IntStream.range(0, samples % 7)
                            .mapToObj(Integer::toString)
                            .toList();
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
}
