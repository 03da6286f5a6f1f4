package sparrow.bench.sessions;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import sparrow.app.report.Machine;
import sparrow.app.report.Quartiles;

/**
 * What was found.
 *
 * @param command as it was called
 * @param machine where
 * @param threads that computed
 * @param arithmetic of the kernels
 * @param device that computed the layers; {@code cpu} for this machine's threads
 * @param model what it calls itself
 * @param file where it lies
 * @param promptTokens of every session
 * @param passes timed in each run
 * @param rounds of all runs
 * @param rows one for each variant
 */
public record SessionReport(
        String command,
        Machine machine,
        int threads,
        String arithmetic,
        String device,
        String model,
        String file,
        @JsonProperty("prompt_tokens") int promptTokens,
        int passes,
        int rounds,
        List<Row> rows) {
    /**
     * Some replies that were decoded together.
     *
     * @param sessions how many
     * @param policy of speech positions
     * @param prefillPerSecond prompt tokens a second, all sessions together
     * @param passMillis of a pass that gives each session a token: median and quartiles of all passes
     * @param tokensPerSecond decoded tokens a second, all sessions together, by rounds
     * @param perSession tokens a second of each session: the median
     * @param earlyPasses share of passes that read no upper layer
     */
    public record Row(
            int sessions,
            String policy,
            @JsonProperty("prefill_tokens_per_s") Quartiles prefillPerSecond,
            @JsonProperty("pass_ms") Quartiles passMillis,
            @JsonProperty("tokens_per_s") Quartiles tokensPerSecond,
            @JsonProperty("tokens_per_s_each") double perSession,
            @JsonProperty("early_passes") double earlyPasses) {
        static Row of(Variant variant, List<SessionRun.Times> runs) {
            List<Double> rates = runs.stream()
                    .map(run -> variant.sessions()
                            * run.passNanos().size()
                            * 1e9
                            / run.passNanos().stream()
                                    .mapToLong(Long::longValue)
                                    .sum())
                    .toList();
            Quartiles rate = Quartiles.of(rates);
            int passes = runs.stream().mapToInt(run -> run.passNanos().size()).sum();
            int early = runs.stream().mapToInt(SessionRun.Times::earlyPasses).sum();
            return new Row(
                    variant.sessions(),
                    variant.policy().toString(),
                    Quartiles.of(runs.stream()
                            .map(SessionRun.Times::prefillPerSecond)
                            .toList()),
                    Quartiles.of(runs.stream()
                            .flatMap(run -> run.passNanos().stream())
                            .map(nanos -> nanos / 1e6)
                            .toList()),
                    rate,
                    rate.median() / variant.sessions(),
                    (double) early / passes);
        }
    }
}
