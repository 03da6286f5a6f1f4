package sparrow.bench.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sparrow.bench.harness.BenchProgress;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.unit.SpeechLogits;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;

/** The order of runs, and what is left when they are stopped. */
class BenchmarkTest {
    private static final List<DepthPolicy> POLICIES =
            List.of(new ExitPolicy.Periodic("FE", 12), new ExitPolicy.None(), new ExitPolicy.Periodic("FE", 12));

    private static final List<SpeechLogits> ALL_ROWS = List.of(SpeechLogits.ALL);

    private final ComputePool pool = new ComputePool(1);
    private SpokenModel model;

    @BeforeEach
    void open() throws IOException {
        model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(pool));
    }

    @AfterEach
    void close() {
        model.close();
        pool.close();
    }

    /** Notes the runs and interrupts its thread when one of them begins. */
    private record Interrupting(String atRun, List<String> begun, List<String> done) implements BenchProgress {
        Interrupting(String atRun) {
            this(atRun, new ArrayList<>(), new ArrayList<>());
        }

        @Override
        public void begin(String run) {
            begun.add(run);
            if (run.equals(atRun)) Thread.currentThread().interrupt();
        }

        @Override
        public void ended() {
            done.add(begun.getLast());
        }
    }

    private static BenchSettings settings(double warmUpSeconds) {
        return new BenchSettings(POLICIES, ALL_ROWS, SkippedKv.FILL, List.of(), 2, 3, 4, warmUpSeconds);
    }

    private Measurements run(BenchProgress progress, double warmUpSeconds) {
        return Benchmark.run(model.languageModel(), settings(warmUpSeconds), progress);
    }

    @Test
    void policiesAlternateAndNoneComesFirst() {
        Interrupting progress = new Interrupting("never");

        Measurements measured = run(progress, 0);

        assertThat(progress.done())
                .containsExactly(
                        "round 1 of 2: none",
                        "round 1 of 2: even:12",
                        "round 1 of 2: steps after layer 12",
                        "round 2 of 2: none",
                        "round 2 of 2: even:12",
                        "round 2 of 2: steps after layer 12")
                .hasSize(Benchmark.runs(settings(0)));
        assertThat(measured.interrupted()).isFalse();
    }

    @Test
    void aRunThatIsInterruptedDoesNotCount() {
        Measurements measured = run(new Interrupting("round 2 of 2: even:12"), 0);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(measured.interrupted()).isTrue();
        BenchReport report =
                BenchReport.of(new BenchReport.Origin("", "", "", 0), model.languageModel(), settings(0), measured);
        assertThat(report.interrupted()).isTrue();
        assertThat(report.rounds()).isEqualTo(2);
        assertThat(report.policies())
                .extracting(policy -> policy.decodeTokensPerS().samples())
                .containsExactly(2, 1);
        // The one run of even:12 has a run of none on either side.
        assertThat(report.policies().get(1).ratioToNone().samples()).isEqualTo(2);
    }

    @Test
    void nothingIsLeftOfAnInterruptedWarmUp() {
        Measurements measured = run(new Interrupting("warming up: even:12"), 60);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(measured.isEmpty()).isTrue();
        assertThat(measured.interrupted()).isTrue();
    }
}
