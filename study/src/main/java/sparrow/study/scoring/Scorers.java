package sparrow.study.scoring;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import sparrow.speech.asr.SpeechRecognizer;
import sparrow.study.asr.Recognizers;
import sparrow.study.data.Task;
import sparrow.study.judge.Judge;
import sparrow.study.judge.Judges;
import sparrow.study.mos.MosScorer;
import sparrow.study.mos.MosScorers;
import sparrow.study.run.Job;

/**
 * The scorers of a plan. Judges are always open. The audio scorer is open unless workers on other machines open their
 * own audio scorers.
 */
public final class Scorers implements AutoCloseable {
    private final ScoringPlan plan;
    private final int threads;
    private final Map<Task, Judge> judges;
    private final Optional<AudioScorer> audio;
    private final Job<ClipBatch, AudioScores> job;

    private Scorers(
            ScoringPlan plan,
            int threads,
            Map<Task, Judge> judges,
            Optional<AudioScorer> audio,
            Job<ClipBatch, AudioScores> job) {
        this.plan = plan;
        this.threads = threads;
        this.judges = judges;
        this.audio = audio;
        this.job = job;
    }

    /**
     * Opens the scorers of a plan.
     *
     * @param tasks tasks of the questions whose replies are judged
     * @param threads number of concurrent threads
     * @throws IllegalArgumentException if a scorer cannot be used, or a judge does not support a task; the message is
     *     one line
     * @throws IOException if a file cannot be read
     */
    public static Scorers open(ScoringPlan plan, List<Task> tasks, int threads) throws IOException {
        checkThreads(threads);
        Map<Task, Judge> judges = judges(plan, tasks);
        try {
            return here(plan, threads, judges, AudioScorer.open(plan.asr(), plan.mos(), threads));
        } catch (IOException | RuntimeException e) {
            judges.values().forEach(Judge::close);
            throw e;
        }
    }

    /**
     * Opens the judges of a plan; workers on other machines score speech. If the recogniser is a service with a key,
     * speech is scored in this process instead, because keys are never sent to workers.
     *
     * @param tasks tasks of the questions whose replies are judged
     * @param threads number of concurrent threads, in this process and on each worker; if empty, one thread per
     *     processor in this process, and as many threads as the model has on a worker
     * @throws IllegalArgumentException if a notation is invalid, or a judge does not support a task; the message is one
     *     line
     * @throws IOException if a file cannot be read
     */
    public static Scorers withWorkers(ScoringPlan plan, List<Task> tasks, OptionalInt threads) throws IOException {
        int here = threads.orElse(Runtime.getRuntime().availableProcessors());
        if (plan.recogniser().filter(Recognizers::isService).isPresent()) return open(plan, tasks, here);
        checkThreads(here);
        ScoringJob job = new ScoringJob(
                plan.recogniser().map(Recognizers::absolute).orElse(ScoringPlan.NONE),
                plan.opinionScorer().map(MosScorers::absolute).orElse(ScoringPlan.NONE),
                threads.isPresent() ? threads.getAsInt() : null);
        return new Scorers(plan, here, judges(plan, tasks), Optional.empty(), job);
    }

    /** Creates scorers with one thread per recogniser. */
    public static Scorers of(ScoringPlan plan, List<SpeechRecognizer> recognizers, Judge judge, MosScorer mos) {
        Map<Task, Judge> judges = new EnumMap<>(Task.class);
        for (Task task : Task.values()) judges.put(task, judge);
        return here(plan, recognizers.size(), judges, AudioScorer.of(recognizers, mos));
    }

    private static Scorers here(ScoringPlan plan, int threads, Map<Task, Judge> judges, AudioScorer audio) {
        return new Scorers(plan, threads, judges, Optional.of(audio), _ -> new ScoringWorker(audio, () -> {}));
    }

    private static void checkThreads(int threads) {
        if (threads < 1) throw new IllegalArgumentException("scoring threads: expected 1 or more, got " + threads);
    }

    private static Map<Task, Judge> judges(ScoringPlan plan, List<Task> tasks) {
        Map<Task, Judge> judges = new EnumMap<>(Task.class);
        try {
            if (plan.rater().isPresent()) {
                for (Task task : tasks) {
                    if (!judges.containsKey(task)) judges.put(task, Judges.open(plan.judge(), task));
                }
            }
            return judges;
        } catch (RuntimeException e) {
            judges.values().forEach(Judge::close);
            throw e;
        }
    }

    /** Returns the plan. */
    public ScoringPlan plan() {
        return plan;
    }

    /** Returns the number of concurrent threads. */
    public int threads() {
        return threads;
    }

    /**
     * Returns the audio scorer that is open in this process, or empty if workers on other machines open their own audio
     * scorers.
     */
    public Optional<AudioScorer> audio() {
        return audio;
    }

    /** Returns the job that scores clips. If {@link #audio} is open, only this process can run it. */
    Job<ClipBatch, AudioScores> job() {
        return job;
    }

    /** Returns the judge of a task, or empty if nothing is judged. */
    public Optional<Judge> judge(Task task) {
        return Optional.ofNullable(judges.get(task));
    }

    /** Closes the scorers. Must not be called while a clip is being scored. */
    @Override
    public void close() {
        audio.ifPresent(AudioScorer::close);
        judges.values().forEach(Judge::close);
    }
}
