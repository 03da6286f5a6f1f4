package sparrow.study.compare;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import sparrow.study.asr.Recognizers;
import sparrow.study.asr.SpeechRecognizer;
import sparrow.study.data.Task;
import sparrow.study.judge.Judge;
import sparrow.study.judge.Judges;
import sparrow.study.mos.MosScorer;
import sparrow.study.mos.MosScorers;

/** What listens to replies and judges them. Judges are open; listeners are, unless workers elsewhere open theirs. */
public final class Scorers implements AutoCloseable {
    private final ScoringPlan plan;
    private final int threads;
    private final Hearing hearing;
    private final Map<Task, Judge> judges = new EnumMap<>(Task.class);

    private Scorers(ScoringPlan plan, int threads, Hearing hearing) {
        this.plan = plan;
        this.threads = threads;
        this.hearing = hearing;
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
        checkThreads(threads);
        Map<Task, Judge> judges = judges(plan, tasks);
        try {
            return of(plan, threads, Listeners.open(plan, threads), judges);
        } catch (IOException | RuntimeException e) {
            judges.values().forEach(Judge::close);
            throw e;
        }
    }

    /**
     * Opens the judges of a plan; workers elsewhere listen. A recogniser that is a service with a key is asked from here,
     * and then opinions are scored here, too: keys are not given away.
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
        ScoringPlan anywhere = ScoringPlan.listening(
                plan.recogniser().map(Recognizers::absolute).orElse(ScoringPlan.NONE),
                plan.opinionScorer().map(MosScorers::absolute).orElse(ScoringPlan.NONE));
        Hearing hearing = new Hearing(anywhere, threads.isPresent() ? threads.getAsInt() : null);
        Scorers scorers = new Scorers(plan, here, hearing);
        scorers.judges.putAll(judges(plan, tasks));
        return scorers;
    }

    /** These listeners and this judge; as many threads as listeners. */
    static Scorers of(ScoringPlan plan, List<SpeechRecognizer> recognizers, Judge judge, MosScorer mos) {
        Map<Task, Judge> judges = new EnumMap<>(Task.class);
        for (Task task : Task.values()) judges.put(task, judge);
        return of(plan, recognizers.size(), Listeners.of(recognizers, mos), judges);
    }

    private static Scorers of(ScoringPlan plan, int threads, Listeners listeners, Map<Task, Judge> judges) {
        Scorers scorers = new Scorers(plan, threads, new Hearing(plan, threads, Optional.of(listeners)));
        scorers.judges.putAll(judges);
        return scorers;
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

    /** What it was opened by. */
    public ScoringPlan plan() {
        return plan;
    }

    int threads() {
        return threads;
    }

    /** What workers do with sounds. */
    Hearing hearing() {
        return hearing;
    }

    /** Those that are open here; empty if workers elsewhere open theirs. */
    Optional<Listeners> listeners() {
        return hearing.opened();
    }

    boolean listenHere() {
        return listeners().isPresent();
    }

    /** The judge of a task; empty if nothing is judged. */
    Optional<Judge> judge(Task task) {
        return Optional.ofNullable(judges.get(task));
    }

    /** No scoring may be under way. */
    @Override
    public void close() {
        listeners().ifPresent(Listeners::close);
        judges.values().forEach(Judge::close);
    }
}
