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

/** The scorers of a plan. Judges are open; the scorer of audio is, unless workers elsewhere open theirs. */
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
     * @param tasks of the questions whose replies are judged
     * @param threads that score at the same time
     * @throws IllegalArgumentException in one line if something of it cannot be used, or a judge cannot judge a task
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
     * Opens the judges of a plan; workers elsewhere score speech. A recogniser that is a service with a key is asked from
     * here, and then opinions are scored here, too: keys do not travel.
     *
     * @param tasks of the questions whose replies are judged
     * @param threads that score at the same time, here and on each worker; if empty, one for each processor, and for each
     *     that a worker computes on
     * @throws IllegalArgumentException in one line if something of it cannot be meant, or a judge cannot judge a task
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

    /** These recognisers and scorers; as many threads as recognisers. */
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

    /** The plan whose scorers these are. */
    public ScoringPlan plan() {
        return plan;
    }

    /** Threads that score at the same time. */
    public int threads() {
        return threads;
    }

    /** The scorer of audio that is open here; empty if workers elsewhere open theirs. */
    public Optional<AudioScorer> audio() {
        return audio;
    }

    /** The job of scoring clips. Where {@link #audio} is open it can be done in this process alone. */
    Job<ClipBatch, AudioScores> job() {
        return job;
    }

    /** The judge of a task; empty if nothing is judged. */
    public Optional<Judge> judge(Task task) {
        return Optional.ofNullable(judges.get(task));
    }

    /** No clip may be being scored. */
    @Override
    public void close() {
        audio.ifPresent(AudioScorer::close);
        judges.values().forEach(Judge::close);
    }
}
