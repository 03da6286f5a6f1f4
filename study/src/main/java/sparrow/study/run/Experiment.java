package sparrow.study.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.study.run.GenerationJob.ReplyResult;

/**
 * Asks many questions in batches. The result of each reply is stored immediately, and an interrupted or killed run
 * resumes with the missing results. Batches are cut from the list of all questions, even if some already have results:
 * the other questions of a batch may change the last bit of a result and, in rare cases, a token. An interrupted batch
 * is therefore decoded completely again, and only its missing results are stored.
 *
 * @param <Q> a question, equal only to itself
 * @param <R> the result of one reply
 */
public final class Experiment<Q, R> {
    private final GenerationJob<R> job;
    private final Asking<Q> asking;
    private final List<Q> questions;
    private final int size;
    private final ResultStore<Q, R> store;
    private final RunProgress progress;
    private final Map<Q, String> failures = new HashMap<>();

    /** Prepares the questions of a study. */
    @FunctionalInterface
    public interface Asking<Q> {
        /**
         * Returns the question in its batch.
         *
         * @param member index in the batch
         * @throws IllegalArgumentException if the question cannot be asked
         * @throws IOException if the question cannot be read or spoken
         */
        Batch.Entry ask(Q question, int member) throws IOException;
    }

    /**
     * Creates an experiment.
     *
     * @param size number of questions per batch
     * @param store store for the results
     */
    public Experiment(
            GenerationJob<R> job,
            Asking<Q> asking,
            List<Q> questions,
            int size,
            ResultStore<Q, R> store,
            RunProgress progress) {
        this.job = job;
        this.asking = asking;
        this.questions = List.copyOf(questions);
        this.size = size;
        this.store = store;
        this.progress = progress;
    }

    /**
     * Computes the missing results of all questions.
     *
     * @param stage name of the stage in the progress display
     * @return reasons for missing results, by question, in the order of the questions; the next run retries these
     *     questions
     * @throws RunStoppedException if the thread is interrupted; earlier results are stored
     * @throws IOException if a result cannot be stored
     */
    public SequencedMap<Q, String> run(WorkerPool pool, String stage) throws IOException {
        progress.begin(
                stage,
                missing(questions).stream()
                        .mapToInt(some -> some.members().size())
                        .sum());
        pool.run(job, new Cutter(), new Keeper());
        SequencedMap<Q, String> ordered = new LinkedHashMap<>();
        for (Q question : questions) if (failures.containsKey(question)) ordered.put(question, failures.get(question));
        return Collections.unmodifiableSequencedMap(ordered);
    }

    /** Returns the indices of questions without results, by case. */
    private List<Batch.Wanted> missing(List<Q> some) throws IOException {
        List<Batch.Wanted> missing = new ArrayList<>();
        for (PolicyCase by : job.cases()) {
            SortedSet<Integer> members = new TreeSet<>();
            for (int i = 0; i < some.size(); i++) if (!store.holds(some.get(i), by)) members.add(i);
            if (!members.isEmpty()) missing.add(new Batch.Wanted(by, members));
        }
        return missing;
    }

    private List<Q> members(int batch) {
        return questions.subList(batch * size, Math.min(questions.size(), (batch + 1) * size));
    }

    /** Records the failure of a question, which is not retried in this run. */
    private void fail(Q question, int replies, String reason) throws IOException {
        store.failed(question, reason);
        miss(question, replies, reason);
    }

    private void miss(Q question, int replies, String reason) {
        failures.put(question, reason);
        for (int i = 0; i < replies; i++) progress.done();
    }

    /** Creates the batches that have missing results, and prepares their questions. */
    private final class Cutter implements WorkerPool.Tasks<Batch> {
        private int next;

        @Override
        public Optional<Batch> next() throws IOException {
            // Another thread may be storing results.
            synchronized (store) {
                while (next * size < questions.size()) {
                    int number = next++;
                    List<Batch.Wanted> wanted = missing(members(number));
                    if (wanted.isEmpty()) continue;
                    if (store.enough() && isUntouched(number, wanted)) return Optional.empty();
                    Batch batch = new Batch(number, ask(number, wanted), wanted);
                    if (!batch.questions().isEmpty()) return Optional.of(batch);
                    store.finished(number);
                }
                return Optional.empty();
            }
        }

        private boolean isUntouched(int number, List<Batch.Wanted> wanted) {
            int all = members(number).size();
            return wanted.size() == job.cases().size()
                    && wanted.stream().allMatch(some -> some.members().size() == all);
        }

        private List<Batch.Entry> ask(int number, List<Batch.Wanted> wanted) throws IOException {
            List<Q> members = members(number);
            List<Batch.Entry> entries = new ArrayList<>();
            for (int i = 0; i < members.size(); i++) {
                if (Thread.currentThread().isInterrupted()) throw new RunStoppedException();
                try {
                    entries.add(asking.ask(members.get(i), i));
                } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
                    // Reading also fails if the thread is interrupted.
                    if (Thread.currentThread().isInterrupted()) throw new RunStoppedException();
                    int replies = new Batch(number, List.of(), wanted).repliesTo(i);
                    fail(members.get(i), replies, Failures.reason(e));
                }
            }
            return entries;
        }
    }

    private final class Keeper implements WorkerPool.Sink<Batch, ReplyResult<R>> {
        @Override
        public void begun(Batch batch, String part) {
            progress.now(part);
        }

        @Override
        public void found(Batch batch, ReplyResult<R> result) throws IOException {
            Q question = member(batch, result.member());
            synchronized (store) {
                switch (result) {
                    case ReplyResult.Found<R>(int member, PolicyCase by, R found) -> {
                        if (!job.cases().contains(by)) throw new BadMessageException("result: unknown case " + by);
                        store.keep(question, by, found);
                        progress.done();
                    }
                    case ReplyResult.Failed<R>(int member, String reason) ->
                        fail(question, batch.repliesTo(member), reason);
                }
            }
        }

        private Q member(Batch batch, int member) {
            List<Q> members = members(batch.number());
            if (member >= 0 && member < members.size()) return members.get(member);
            throw new BadMessageException("result: batch " + batch.number() + " has " + members.size()
                    + " questions, but no question " + member);
        }

        @Override
        public void finished(Batch batch) throws IOException {
            synchronized (store) {
                store.finished(batch.number());
            }
        }

        @Override
        public void lost(Batch batch, String reason) throws IOException {
            synchronized (store) {
                store.lost(batch.number(), reason);
                List<Q> members = members(batch.number());
                for (int i = 0; i < members.size(); i++) {
                    if (failures.containsKey(members.get(i))) continue;
                    int open = 0;
                    for (Batch.Wanted some : batch.wanted()) {
                        if (some.members().contains(i) && !store.holds(members.get(i), some.by())) open++;
                    }
                    if (open > 0) miss(members.get(i), open, "lost with its batch: " + reason);
                }
            }
        }
    }
}
