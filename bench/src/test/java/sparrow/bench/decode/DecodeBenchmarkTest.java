package sparrow.bench.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sparrow.app.options.LanguageModelOptions;
import sparrow.bench.harness.BenchProgress;
import sparrow.bench.harness.BenchReport;
import sparrow.bench.harness.Rounds;
import sparrow.engine.exit.ExitPlan;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** The order of runs, and what is left when they are stopped. */
class DecodeBenchmarkTest {
    private static final List<ExitPlan> PLANS =
            List.of(ExitPlan.parse("even:12"), ExitPlan.NONE, ExitPlan.parse("even:12"));

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

    private DecodeBenchmark benchmark() {
        return new DecodeBenchmark(
                new LanguageModelOptions.Measured(
                        "tiny", Path.of("tiny"), model.languageModel(), ExitPlan.NONE, () -> {}),
                1.5,
                new DecodeSettings(PLANS, 3, 4));
    }

    private static boolean measure(DecodeBenchmark benchmark, BenchProgress progress, double warmUpSeconds) {
        return new Rounds(2, warmUpSeconds).measure(benchmark, progress);
    }

    private static JsonNode report(DecodeBenchmark benchmark) throws IOException {
        BenchReport report = new BenchReport("sparrow bench decode", 2);
        benchmark.report(report);
        return new ObjectMapper().readTree(report.json());
    }

    @Test
    void policiesAlternateAndNoneComesFirst() {
        Interrupting progress = new Interrupting("never");

        DecodeBenchmark benchmark = benchmark();

        boolean complete = measure(benchmark, progress, 0);

        assertThat(progress.done())
                .containsExactly(
                        "round 1 of 2: none",
                        "round 1 of 2: even:12",
                        "round 1 of 2: steps after layer 12",
                        "round 2 of 2: none",
                        "round 2 of 2: even:12",
                        "round 2 of 2: steps after layer 12")
                .hasSize(new Rounds(2, 0).runs(benchmark));
        assertThat(complete).isTrue();
    }

    @Test
    void aRunThatIsInterruptedDoesNotCount() throws IOException {
        DecodeBenchmark benchmark = benchmark();

        boolean complete = measure(benchmark, new Interrupting("round 2 of 2: even:12"), 0);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(complete).isFalse();
        JsonNode policies = report(benchmark).path("policies");
        assertThat(policies)
                .extracting(policy -> policy.at("/decode_tokens_per_s/samples").intValue())
                .containsExactly(2, 1);
        // The one run of even:12 has a run of none on either side.
        assertThat(policies.at("/1/ratio_to_none/samples").intValue()).isEqualTo(2);
        assertThat(policies.path(0).has("ratio_to_none")).isFalse();
    }

    @Test
    void nothingIsLeftOfAnInterruptedWarmUp() {
        DecodeBenchmark benchmark = benchmark();

        boolean complete = measure(benchmark, new Interrupting("warming up: even:12"), 60);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(benchmark.isEmpty()).isTrue();
        assertThat(complete).isFalse();
    }

    @Test
    void factsStandAboveTheTables() {
        DecodeBenchmark benchmark = benchmark();
        measure(benchmark, new Interrupting("never"), 0);
        BenchReport report = new BenchReport("sparrow bench decode", 2);
        benchmark.report(report);
        StringWriter text = new StringWriter();

        report.print(new PrintWriter(text, true));

        assertThat(text.toString().lines())
                .contains("command  sparrow bench decode")
                .contains("model    tiny  (tiny)")
                .contains("weights  16 layers; 21.3 MB read per token at full depth")
                .contains("runs     3 tokens prefilled, 4 decoded at speech positions; rounds: 2")
                .anyMatch(line -> line.matches("load     1\\.50 s; first prefill \\d+\\.\\d\\d s"))
                .anyMatch(line -> line.matches("memory   \\d+ MB at most \\(.*\\)"))
                .anyMatch(line -> line.matches("prefill  [\\d.]+ tokens/s  \\([\\d.]+ \\.\\. [\\d.]+\\)"))
                .anyMatch(line -> line.matches(
                        "none +16\\.00 +0\\.0% +[\\d.]+ +\\([\\d.]+ \\.\\. [\\d.]+\\) +1 +1\\.000 +[\\d.]+"))
                .anyMatch(line -> line.matches("early, layer 12 .*"));
    }
}
