package sparrow.study.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
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
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.SpeechLogits;
import sparrow.engine.sample.Sampling;
import sparrow.models.SpokenModel;

/** Experiments whose work is done by workers that need no model. */
class ExperimentTest {
    private static final List<PolicyCase> CASES = List.of(PolicyCase.NONE, PolicyCase.parse("even:8"));
    private static final int MUTE = 5;

    static LongStream seeds() {
        return new Random(20260).longs(60);
    }

    /** What is found depends on who is asked beside a question, as the last bit of a product does. */
    private record Membership(List<PolicyCase> cases) implements Work<Integer, String> {
        @Override
        public Decoding decoding() {
            return new Decoding(Sampling.GREEDY, Limits.newTokens(1), SpeechLogits.ALL);
        }

        @Override
        public Encoded encode(Integer question, SpokenModel model) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Finder<Integer, String> finder(SpokenModel model) {
            throw new UnsupportedOperationException();
        }
    }

    private static class Shelf implements Findings<Integer, String> {
        final Map<String, String> kept = new TreeMap<>();
        int batches;

        @Override
        public boolean holds(Integer question, PolicyCase by) {
            return kept.containsKey(question + " " + by);
        }

        @Override
        public void keep(Integer question, PolicyCase by, String found) {
            assertThat(kept.put(question + " " + by, found)).as("kept twice").isNull();
        }

        @Override
        public void finished() {
            batches++;
        }
    }

    /** Batches in any order; stopped before some finding. */
    private record Shuffled(Random random, int stopBefore) implements Workers {
        @Override
        @SuppressWarnings("unchecked")
        public <Q, F> void each(Work<Q, F> work, Batches<Q> batches, Sink<Q, F> sink) throws IOException {
            List<Batch<Q>> all = new ArrayList<>();
            for (Optional<Batch<Q>> batch = batches.next(); batch.isPresent(); batch = batches.next()) {
                all.add(batch.get());
            }
            Collections.shuffle(all, random);
            int found = 0;
            for (Batch<Q> batch : all) {
                if (batch.questions().contains(MUTE)) {
                    sink.failed(batch, (Q) Integer.valueOf(MUTE), new IOException("the line\nis dead"));
                }
                for (PolicyCase by : batch.wanted().keySet()) {
                    for (Q question : batch.wanted().get(by)) {
                        if (question.equals(MUTE)) continue;
                        if (found++ == stopBefore) throw new RunStoppedException();
                        sink.found(question, by, (F) ("beside " + batch.questions()));
                    }
                }
                sink.finished(batch);
            }
        }
    }

    /** Counts what is left to do. */
    private static final class Steps implements RunProgress {
        final Map<String, Integer> left = new HashMap<>();

        @Override
        public void begin(String stage, int steps) {
            left.put("steps", steps);
        }

        @Override
        public void now(String what) {}

        @Override
        public void done() {
            left.merge("steps", -1, Integer::sum);
        }
    }

    private static List<Integer> questions() {
        return IntStream.range(0, 23).boxed().toList();
    }

    private static Experiment<Integer, String> experiment(Shelf shelf, RunProgress progress) {
        return new Experiment<>(new Membership(CASES), questions(), 4, shelf, progress);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void findsTheSameHoweverOftenItIsStoppedAndWhateverBatchEndsFirst(long seed) throws IOException {
        Random random = new Random(seed);
        Shelf oneGo = new Shelf();
        experiment(oneGo, RunProgress.NONE).run(new Shuffled(new Random(0), -1), "asking");
        Shelf stopped = new Shelf();

        while (stopped.kept.size() < oneGo.kept.size()) {
            try {
                experiment(stopped, RunProgress.NONE).run(new Shuffled(random, random.nextInt(1, 20)), "asking");
            } catch (RunStoppedException e) {
                // It goes on.
            }
        }

        assertThat(oneGo.kept).hasSize(2 * 22);
        assertThat(stopped.kept).isEqualTo(oneGo.kept);
    }

    @Test
    void tellsWhatCouldNotBeAskedAndCountsItAsDone() throws IOException {
        Shelf shelf = new Shelf();
        Steps steps = new Steps();

        Map<Integer, String> failed = experiment(shelf, steps).run(new Shuffled(new Random(1), -1), "asking");

        assertThat(failed).containsExactly(Map.entry(MUTE, "the line is dead"));
        assertThat(steps.left).containsEntry("steps", 0);
        assertThat(shelf.batches).isEqualTo(6);
    }

    @Test
    void endsWhereAQuestionThatFailsIsRefused() {
        Shelf strict = new Shelf() {
            @Override
            public void failed(Integer question, Exception reason) throws IOException {
                throw new IOException(question + ": " + reason.getMessage());
            }
        };

        assertThatThrownBy(() -> experiment(strict, RunProgress.NONE).run(new Shuffled(new Random(1), -1), "asking"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("5: ");
    }

    @Test
    void beginsNoOtherBatchWhereThereIsEnoughButEndsTheOneThatWasBegun() throws IOException {
        Shelf enough = new Shelf() {
            @Override
            public boolean enough() {
                return kept.size() >= 3;
            }
        };
        enough.keep(0, PolicyCase.NONE, "beside [0, 1, 2, 3]");
        enough.keep(1, PolicyCase.NONE, "beside [0, 1, 2, 3]");
        enough.keep(2, PolicyCase.NONE, "beside [0, 1, 2, 3]");

        experiment(enough, RunProgress.NONE).run(new Shuffled(new Random(1), -1), "asking");

        assertThat(enough.kept).hasSize(2 * 4);
    }

    /** Findings are looked through for the next batch while those of the last one are kept on a thread of their own. */
    @Test
    void oneThreadAtATimeCallsTheFindings() throws IOException {
        AtomicInteger inside = new AtomicInteger();
        Set<String> together = ConcurrentHashMap.newKeySet();
        Shelf slow = new Shelf() {
            private void alone(String what) {
                if (inside.incrementAndGet() > 1) together.add(what);
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
        assertThat(slow.kept).hasSize(2 * 23);
    }

    /** Keeps what is found on another thread, while batches are taken on this one. */
    private record Beside() implements Workers {
        @Override
        @SuppressWarnings("unchecked")
        public <Q, F> void each(Work<Q, F> work, Batches<Q> batches, Sink<Q, F> sink) throws IOException {
            try (FindingThread thread = new FindingThread(true)) {
                for (Optional<Batch<Q>> next = batches.next(); next.isPresent(); next = batches.next()) {
                    Batch<Q> batch = next.get();
                    for (PolicyCase by : batch.wanted().keySet()) {
                        for (Q question : batch.wanted().get(by)) {
                            thread.run(() -> sink.found(question, by, (F) "found"));
                        }
                    }
                }
                thread.finish();
            }
        }
    }
}
