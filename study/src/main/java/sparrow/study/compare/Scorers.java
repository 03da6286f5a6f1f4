package sparrow.study.compare;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import sparrow.speech.wave.Waveform;
import sparrow.study.asr.Recognizers;
import sparrow.study.asr.SpeechRecognizer;
import sparrow.study.data.Task;
import sparrow.study.judge.Judge;
import sparrow.study.judge.Judges;
import sparrow.study.mos.MosScorer;
import sparrow.study.mos.MosScorers;

/** What listens to replies and judges them, opened. */
public final class Scorers implements AutoCloseable {
    private final ScoringPlan plan;
    private final int threads;

    /** A recogniser hears one utterance at a time: whoever needs one takes it out and puts it back. */
    private final BlockingQueue<SpeechRecognizer> recognizers;

    private final Map<Task, Judge> judges = new EnumMap<>(Task.class);
    private MosScorer mos;

    private Scorers(ScoringPlan plan, int threads) {
        this.plan = plan;
        this.threads = threads;
        this.recognizers = new ArrayBlockingQueue<>(threads);
    }

    /**
     * Opens what a plan names.
     *
     * @param tasks of the questions whose replies are judged
     * @param threads that score at the same time
     * @throws IllegalArgumentException in one line if something of it cannot be used, or a judge cannot judge a task
     * @throws IOException if a file cannot be read
     */
    public static Scorers open(ScoringPlan plan, List<Task> tasks, int threads) throws IOException {
        if (threads < 1) throw new IllegalArgumentException("scoring threads: expected 1 or more, got " + threads);
        Scorers scorers = new Scorers(plan, threads);
        try {
            scorers.openAll(tasks);
            return scorers;
        } catch (IOException | RuntimeException e) {
            scorers.close();
            throw e;
        }
    }

    /** These listeners and this judge; as many threads as listeners. */
    static Scorers of(ScoringPlan plan, List<SpeechRecognizer> recognizers, Judge judge, MosScorer mos) {
        Scorers scorers = new Scorers(plan, recognizers.size());
        scorers.recognizers.addAll(recognizers);
        for (Task task : Task.values()) scorers.judges.put(task, judge);
        scorers.mos = mos;
        return scorers;
    }

    private void openAll(List<Task> tasks) throws IOException {
        if (plan.rater().isPresent()) {
            for (Task task : tasks) {
                if (!judges.containsKey(task)) judges.put(task, Judges.open(plan.judge(), task));
            }
        }
        if (plan.opinionScorer().isPresent()) mos = MosScorers.open(plan.mos());
        if (plan.recogniser().isPresent()) {
            SpeechRecognizer first = Recognizers.open(plan.asr());
            recognizers.add(first);
            int copies = first.usesAllProcessors() ? 1 : threads;
            for (int i = 1; i < copies; i++) recognizers.add(Recognizers.open(plan.asr()));
        }
    }

    /** What it was opened by. */
    public ScoringPlan plan() {
        return plan;
    }

    int threads() {
        return threads;
    }

    /**
     * The words of some speech.
     *
     * @throws IOException if the recogniser failed
     * @throws InterruptedException if the thread is interrupted before one is free
     */
    String hear(Waveform speech) throws IOException, InterruptedException {
        SpeechRecognizer recognizer = recognizers.take();
        try {
            return recognizer.transcribe(speech);
        } finally {
            recognizers.add(recognizer);
        }
    }

    /** The judge of a task; empty if nothing is judged. */
    Optional<Judge> judge(Task task) {
        return Optional.ofNullable(judges.get(task));
    }

    /** The scorer of opinions; empty if nothing is scored. */
    Optional<MosScorer> mos() {
        return Optional.ofNullable(mos);
    }

    /** No scoring may be under way. */
    @Override
    public void close() {
        recognizers.forEach(SpeechRecognizer::close);
        judges.values().forEach(Judge::close);
        if (mos != null) mos.close();
    }
}
