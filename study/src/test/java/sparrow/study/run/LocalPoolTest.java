package sparrow.study.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.Limits;
import sparrow.engine.head.Sampling;
import sparrow.formats.BadFileException;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** A broken recording is a question that failed; a broken model ends the work. */
class LocalPoolTest {
    /** Replies that are not looked at. */
    private record Deaf(List<PolicyCase> cases, Path broken) implements GenerationJob<String> {
        @Override
        public Decoding decoding() {
            return new Decoding(Sampling.GREEDY, Limits.newTokens(1));
        }

        @Override
        public Reader<String> reader(SpokenModel model) {
            if (broken != null) throw new BadFileException(broken, "broken");
            return (_, _, _) -> "found";
        }
    }

    private static class Nothing implements ResultStore<Integer, String> {
        int kept;

        @Override
        public boolean holds(Integer question, PolicyCase by) {
            return false;
        }

        @Override
        public void keep(Integer question, PolicyCase by, String found) {
            kept++;
        }
    }

    /** Speech codes that the model has: but the second question's. */
    private static Batch.Entry ask(Integer question, int member) {
        int code = question == 2 ? 1_000_000 : 1;
        return new Batch.Entry(member, new Question.Codes(new int[] {code}), null);
    }

    private static SequencedMap<Integer, String> failed(SpokenModel model, Path broken, Nothing results)
            throws IOException {
        return new Experiment<>(
                        new Deaf(List.of(PolicyCase.NONE), broken),
                        LocalPoolTest::ask,
                        List.of(1, 2, 3),
                        2,
                        results,
                        RunProgress.NONE)
                .run(new LocalPool(model), "asking");
    }

    @Test
    void onlyAFaultOfTheModelEndsTheWork() throws IOException {
        try (ComputePool pool = new ComputePool(1);
                SpokenModel model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(pool))) {
            Nothing results = new Nothing();
            assertThat(failed(model, null, results)).containsOnlyKeys(2);
            assertThat(results.kept).isEqualTo(2);
            Path weights = model.folder().resolve("lm").resolve("model.safetensors");
            assertThatThrownBy(() -> failed(model, weights, results))
                    .isInstanceOf(BadFileException.class)
                    .hasMessage(weights + ": broken");
        }
    }

    /** The next run tries a question again that failed; those beside it are not decoded for nothing. */
    @Test
    void aBatchIsNotDecodedForWhatCannotBeAsked() throws IOException {
        List<String> begun = new ArrayList<>();
        RunProgress progress = new RunProgress() {
            @Override
            public void begin(String stage, int steps) {}

            @Override
            public void now(String part) {
                begun.add(part);
            }

            @Override
            public void done() {}
        };
        Nothing allButTheSecond = new Nothing() {
            @Override
            public boolean holds(Integer question, PolicyCase by) {
                return question != 2;
            }
        };
        try (ComputePool pool = new ComputePool(1);
                SpokenModel model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(pool))) {
            Deaf work = new Deaf(List.of(PolicyCase.NONE, PolicyCase.parse("even:8")), null);

            assertThat(new Experiment<>(work, LocalPoolTest::ask, List.of(1, 2, 3), 3, allButTheSecond, progress)
                            .run(new LocalPool(model), "asking"))
                    .containsOnlyKeys(2);
        }
        assertThat(begun).isEmpty();
    }
}
