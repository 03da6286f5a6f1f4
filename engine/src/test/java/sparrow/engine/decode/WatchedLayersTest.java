package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.PendingRows;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.transformer.Row;

/** Hidden states shown on the way to a token. */
class WatchedLayersTest {
    private final ComputePool pool = new ComputePool(1);
    private final Arena arena = Arena.ofShared();

    static LongStream seeds() {
        return new SplittableRandom(20262).longs(25);
    }

    @AfterEach
    void release() {
        pool.close();
        arena.close();
    }

    /** Keeps, for every step, the states that were shown before it. */
    private static final class Watcher implements StepListener {
        private final SortedSet<Integer> layers;
        private final List<SortedMap<Integer, float[]>> states = new ArrayList<>();
        private SortedMap<Integer, float[]> coming = new TreeMap<>();

        Watcher(SortedSet<Integer> layers) {
            this.layers = layers;
        }

        @Override
        public SortedSet<Integer> watched() {
            return layers;
        }

        @Override
        public void state(int layer, float[] hidden) {
            assertThat(coming).doesNotContainKey(layer);
            coming.put(layer, hidden.clone());
        }

        @Override
        public void accept(Step step) {
            states.add(coming);
            coming = new TreeMap<>();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void changeNoTokenAndNoExitOfTheReplies(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.of(random, Kernels.create(pool), arena);
        int layers = model.transformer().config().layers();
        ExitPlan plan = RandomModel.plan(random, layers);
        List<int[]> prompts =
                List.of(RandomModel.prompt(random), RandomModel.prompt(random), RandomModel.prompt(random));
        List<Watcher> watchers = new ArrayList<>();
        for (int i = 0; i < 3; i++) watchers.add(new Watcher(some(random, layers)));

        List<Reply> watched = replies(model, plan, prompts, watchers);
        List<Reply> alone =
                replies(model, plan, prompts, List.of(StepListener.NONE, StepListener.NONE, StepListener.NONE));

        for (int i = 0; i < 3; i++) {
            assertThat(watched.get(i).tokens()).isEqualTo(alone.get(i).tokens());
            for (int at = 0; at < watched.get(i).steps().size(); at++) {
                Step step = watched.get(i).steps().get(at);
                assertThat(step.exitLayer())
                        .isEqualTo(alone.get(i).steps().get(at).exitLayer());
                // Once each, up to the layer that decided.
                assertThat(watchers.get(i).states.get(at).keySet())
                        .isEqualTo(watchers.get(i).layers.headSet(step.exitLayer() + 1));
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void areTheStatesOfTheUnmodifiedModel(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.of(random, Kernels.create(pool), arena);
        int layers = model.transformer().config().layers();
        int[] prompt = RandomModel.prompt(random);
        Watcher watcher = new Watcher(some(random, layers));

        Reply reply =
                replies(model, ExitPlan.NONE, List.of(prompt), List.of(watcher)).getFirst();

        PendingRows rows = new PendingRows(model.transformer());
        IntStream.of(prompt).forEach(rows::append);
        IntStream.of(reply.tokens()).forEach(rows::append);
        List<float[]> hidden = rows.rowsTo(1).stream().map(Row::hidden).toList();
        for (int layer = 1; layer <= layers; layer++) {
            model.transformer().forward(rows.rowsTo(layer));
            rows.reached(layer);
            for (int at = 0;
                    watcher.layers.contains(layer) && at < reply.steps().size();
                    at++) {
                // Sums in other orders: some ten thousandths of states that are around one.
                assertThat(watcher.states.get(at).get(layer))
                        .usingComparatorWithPrecision(1e-3f)
                        .containsExactly(hidden.get(prompt.length - 1 + at));
            }
        }
    }

    private static SortedSet<Integer> some(SplittableRandom random, int layers) {
        SortedSet<Integer> some = new TreeSet<>();
        for (int layer = 1; layer <= layers; layer++) if (random.nextBoolean()) some.add(layer);
        return some;
    }

    private static List<Reply> replies(
            LanguageModel model, ExitPlan plan, List<int[]> prompts, List<? extends StepListener> listeners) {
        Decoder decoder = new Decoder(model, plan, Sampling.GREEDY, Limits.newTokens(30));
        return decoder.replies(IntStream.range(0, prompts.size())
                .mapToObj(i -> new Request(new Sequence(model), prompts.get(i), listeners.get(i)))
                .toList());
    }
}
