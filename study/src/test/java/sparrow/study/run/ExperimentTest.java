package sparrow.study.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.study.run.GenerationJob.ReplyResult;
import sparrow.study.run.GenerationWorker.ResultThread;

/** Experiments with workers that need no model. */
class ExperimentTest {
    private static final List<PolicyCase> CASES = List.of(PolicyCase.NONE, PolicyCase.parse("even:8"));

    /** Cannot be read. */
    private static final int MUTE = 5;

    /** Cannot be understood. */
    private static final int SILENT = 18;

    static LongStream seeds() {
        return new Random(20260).longs(60);
    }

    /** A result depends on the questions beside it, as the last bit of a product does. */
    private static String found(Batch batch) {
        return "beside " + batch.questions().stream().map(Batch.Entry::turns).toList();
    }

    private static class Shelf implements ResultStore<Integer, String> {
        final Map<String, String> kept = new TreeMap<>();
        final List<Integer> batches = new ArrayList<>();

        @Override
        public boolean holds(Integer question, PolicyCase by) {
            return kept.containsKey(question + " " + by);
        }

        @Override
        public void keep(Integer question, PolicyCase by, String found) {
            assertThat(kept.put(question + " " + by, found)).as("kept twice").isNull();
        }

        @Override
        public void finished(int batch) {
            batches.add(batch);
        }
    }

    /** Batches in any order, their results interleaved; stopped before some result, some batches lost halfway. */
    private record Shuffled(Random random, int stopBefore, double losing) implements WorkerPool {
        Shuffled(Random random) {
            this(random, -1, 0);
        }

        /** The results of a batch that have not come yet. */
        private record Told<R>(Batch batch, List<ReplyResult<R>> left, boolean loses) {}

        @Override
        @SuppressWarnings("unchecked")
        public <T, R> void run(Job<T, R> job, Tasks<T> tasks, Sink<T, R> sink) throws IOException {
            tell((Tasks<Batch>) tasks, (Sink<Batch, ReplyResult<String>>) sink);
        }

        private void tell(Tasks<Batch> tasks, Sink<Batch, ReplyResult<String>> sink) throws IOException {
            List<Told<String>> open = new ArrayList<>();
            for (Optional<Batch> batch = tasks.next(); batch.isPresent(); batch = tasks.next()) {
                open.add(new Told<>(batch.get(), results(batch.get()), random.nextDouble() < losing));
            }
            int found = 0;
            while (!open.isEmpty()) {
                Told<String> one = open.get(random.nextInt(open.size()));
                if (found++ == stopBefore) throw new RunStoppedException();
                if (one.loses() && random.nextInt(3) == 0) {
                    sink.lost(one.batch(), "it died");
                    open.remove(one);
                } else if (one.left().isEmpty()) {
                    sink.finished(one.batch());
                    open.remove(one);
                } else {
                    sink.found(one.batch(), one.left().removeFirst());
                }
            }
        }

        private static List<ReplyResult<String>> results(Batch batch) {
            List<ReplyResult<String>> results = new ArrayList<>();
            for (Batch.Entry asked : batch.questions()) {
                if (asked.stream() != SILENT) continue;
                results.add(new ReplyResult.Failed<>(asked.member(), "it is silent"));
            }
            batch.wanted().forEach(wanted -> {
                for (Batch.Entry asked : batch.questions()) {
                    if (asked.stream() == SILENT || !wanted.members().contains(asked.member())) continue;
                    results.add(new ReplyResult.Found<>(asked.member(), wanted.by(), ExperimentTest.found(batch)));
                }
            });
            return results;
        }
    }

    /** Counts the steps that are left. */
    private static final class Steps implements RunProgress {
        int left;

        @Override
        public void begin(String stage, int steps) {
            left = steps;
        }

        @Override
        public void now(String part) {}

        @Override
        public void done() {
            left--;
        }
    }

    private static Batch.Entry ask(Integer question, int member) throws IOException {
        if (question == MUTE) throw new IOException("the line\nis dead");
        return new Batch.Entry(member, new Question.Typed("question " + question), (long) question);
    }

    private static Experiment<Integer, String> experiment(Shelf shelf, RunProgress progress) {
        List<Integer> questions = IntStream.range(0, 23).boxed().toList();
        return new Experiment<>(new Saying(CASES), ExperimentTest::ask, questions, 4, shelf, progress);
    }

    /** A job that only fakes can do. */
    private record Saying(List<PolicyCase> cases) implements GenerationJob<String> {
        @Override
        public Decoding decoding() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Reader<String> reader(SpokenModel model) {
            throw new UnsupportedOperationException();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void findsTheSameHoweverOftenItIsStoppedAndWhateverBatchEndsFirstOrIsLost(long seed) throws IOException {
        Random random = new Random(seed);
        Shelf oneGo = new Shelf();
        experiment(oneGo, RunProgress.NONE).run(new Shuffled(new Random(0)), "asking");
        Shelf stopped = new Shelf();

        while (stopped.kept.size() < oneGo.kept.size()) {
            try {
                experiment(stopped, RunProgress.NONE).run(new Shuffled(random, random.nextInt(1, 40), 0.3), "asking");
            } catch (RunStoppedException e) {
                // It goes on.
            }
        }

        assertThat(oneGo.kept).hasSize(2 * 21);
        assertThat(stopped.kept).isEqualTo(oneGo.kept);
    }

    @Test
    void tellsWhatCouldNotBeAskedAndCountsItAsDone() throws IOException {
        Shelf shelf = new Shelf();
        Steps steps = new Steps();

        Map<Integer, String> failed = experiment(shelf, steps).run(new Shuffled(new Random(1)), "asking");

        assertThat(failed).containsExactly(Map.entry(MUTE, "the line is dead"), Map.entry(SILENT, "it is silent"));
        assertThat(steps.left).isZero();
        assertThat(shelf.batches).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
    }

    @Test
    void aLostBatchIsToldOfByQuestionAndTheOthersGoOn() throws IOException {
        Shelf shelf = new Shelf();
        Steps steps = new Steps();

        Map<Integer, String> failed = experiment(shelf, steps).run(new Shuffled(new Random(1), -1, 0.7), "asking");

        long lost = failed.values().stream()
                .filter("lost with its batch: it died"::equals)
                .count();
        assertThat(lost).isPositive();
        assertThat(steps.left).isZero();
        assertThat(shelf.batches).isNotEmpty();
        assertThat(experiment(shelf, RunProgress.NONE).run(new Shuffled(new Random(1)), "asking"))
                .containsOnlyKeys(MUTE, SILENT);
        assertThat(shelf.kept).hasSize(2 * 21);
    }

    @Test
    void aBatchOfWhichNothingCanBeAskedIsFinishedAtOnce() throws IOException {
        Shelf shelf = new Shelf();

        new Experiment<>(
                        new Saying(CASES),
                        (_, _) -> {
                            throw new IOException("mute");
                        },
                        List.of(1, 2, 3),
                        2,
                        shelf,
                        RunProgress.NONE)
                .run(new Shuffled(new Random(1)), "asking");

        assertThat(shelf.batches).containsExactly(0, 1);
    }

    @Test
    void endsWhereAQuestionThatFailsIsRefused() {
        Shelf strict = new Shelf() {
            @Override
            public void failed(Integer question, String reason) throws IOException {
                throw new IOException(question + ": " + reason);
            }
        };

        assertThatThrownBy(() -> experiment(strict, RunProgress.NONE).run(new Shuffled(new Random(1)), "asking"))
                .isInstanceOf(IOException.class)
                .hasMessage("5: the line is dead");
    }

    @Test
    void aResultOfNoMemberIsRefused() {
        WorkerPool wrong = new WorkerPool() {
            @Override
            @SuppressWarnings("unchecked")
            public <T, R> void run(Job<T, R> job, Tasks<T> tasks, Sink<T, R> sink) throws IOException {
                sink.found(tasks.next().orElseThrow(), (R) new ReplyResult.Found<>(4, PolicyCase.NONE, "found"));
            }
        };

        assertThatThrownBy(() -> experiment(new Shelf(), RunProgress.NONE).run(wrong, "asking"))
                .isInstanceOf(BadMessageException.class)
                .hasMessage("result: batch 0 has 4 questions, but no question 4");
    }

    @Test
    void beginsNoOtherBatchWhereThereIsEnoughButEndsTheOneThatWasBegun() throws IOException {
        Shelf enough = new Shelf() {
            @Override
            public boolean enough() {
                return kept.size() >= 3;
            }
        };
        for (int question = 0; question < 3; question++) enough.keep(question, PolicyCase.NONE, "found");

        experiment(enough, RunProgress.NONE).run(new Shuffled(new Random(1)), "asking");

        assertThat(enough.kept).hasSize(2 * 4);
    }

    /** The store is looked through for the next batch while results of the last one are kept on another thread. */
    @Test
    void oneThreadAtATimeCallsTheStore() throws IOException {
        AtomicInteger inside = new AtomicInteger();
        Set<String> together = ConcurrentHashMap.newKeySet();
        Shelf slow = new Shelf() {
            private void alone(String call) {
                if (inside.incrementAndGet() > 1) together.add(call);
                LockSupport.parkNanos(200_000);
                inside.decrementAndGet();
            }

            @Override
            public boolean holds(Integer question, PolicyCase by) {
                alone("holds");
                return super.holds(question, by);
            }

            @Override
            public void keep(Integer question, PolicyCase by, String found) {
                alone("keep");
                super.keep(question, by, found);
            }
        };

        experiment(slow, RunProgress.NONE).run(new Beside(), "asking");

        assertThat(together).isEmpty();
        assertThat(slow.kept).hasSize(2 * 21);
    }

    /** Hands on results on another thread, while batches are taken on this one. */
    private record Beside() implements WorkerPool {
        @Override
        @SuppressWarnings("unchecked")
        public <T, R> void run(Job<T, R> job, Tasks<T> tasks, Sink<T, R> sink) throws IOException {
            try (ResultThread thread = new ResultThread(true)) {
                for (Optional<T> next = tasks.next(); next.isPresent(); next = tasks.next()) {
                    T task = next.get();
                    for (ReplyResult<String> result : Shuffled.results((Batch) task)) {
                        thread.run(() -> sink.found(task, (R) result));
                    }
                }
                thread.finish();
            }
        }
    }
}
