package sparrow.study.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.SpeechLogits;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.sample.Sampling;
import sparrow.engine.weights.BadFileException;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;

/** A broken recording is a question that failed; a broken model ends the work. */
class LocalWorkersTest {
    /** Questions that cannot be encoded. */
    private record Broken(Path file) implements Work<Integer, String> {
        @Override
        public List<PolicyCase> cases() {
            return List.of(PolicyCase.NONE);
        }

        @Override
        public Decoding decoding() {
            return new Decoding(Sampling.GREEDY, Limits.newTokens(1), SpeechLogits.ALL);
        }

        @Override
        public Encoded encode(Integer question, SpokenModel model) {
            throw new BadFileException(file, "broken");
        }

        @Override
        public Finder<Integer, String> finder(SpokenModel model) {
            return (question, prompt, reply) -> "";
        }
    }

    private static List<Integer> failed(SpokenModel model, Path file) throws IOException {
        List<Integer> failed = new ArrayList<>();
        Findings<Integer, String> findings = new Findings<>() {
            @Override
            public boolean holds(Integer question, PolicyCase by) {
                return false;
            }

            @Override
            public void keep(Integer question, PolicyCase by, String found) {
                throw new AssertionError("found " + found);
            }
        };
        failed.addAll(new Experiment<>(new Broken(file), List.of(1, 2, 3), 2, findings, RunProgress.NONE)
                .run(new LocalWorkers(model), "asking")
                .keySet());
        return failed;
    }

    @Test
    void onlyAFaultOfTheModelEndsTheWork() throws IOException {
        try (ComputePool pool = new ComputePool(1);
                SpokenModel model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(pool))) {
            assertThat(failed(model, Path.of("question.wav"))).containsExactly(1, 2, 3);
            Path weights = model.folder().resolve("lm").resolve("model.safetensors");
            assertThatThrownBy(() -> failed(model, weights))
                    .isInstanceOf(BadFileException.class)
                    .hasMessage(weights + ": broken");
        }
    }
}
