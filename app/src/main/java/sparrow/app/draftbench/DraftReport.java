package sparrow.app.draftbench;

import java.util.ArrayList;
import java.util.List;
import sparrow.app.bench.Alternation;
import sparrow.app.report.Machine;
import sparrow.app.report.Quartiles;
import sparrow.engine.decode.DraftForecast;
import sparrow.engine.decode.Effort;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.RowCosts;
import sparrow.engine.decode.SpeechLogits;
import sparrow.engine.exit.ExitPolicy;

/**
 * What was found.
 *
 * @param origin where the model came from and how it was called
 * @param machine where
 * @param threads that computed
 * @param arithmetic of the kernels
 * @param device that computed the layers; {@code cpu} for this machine's threads
 * @param layers L
 * @param promptTokens prefilled before every run
 * @param decodedTokens decoded in every run
 * @param rounds of full depth
 * @param speechLogits which logits were computed at full depth
 * @param accept how often the first, second ... draft of a row was to be right
 * @param fullTokensPerS full depth, one value a round
 * @param policies one result for each
 * @param rowCosts what the forecasts were fed with
 */
public record DraftReport(
        Origin origin,
        Machine machine,
        int threads,
        String arithmetic,
        String device,
        int layers,
        int promptTokens,
        int decodedTokens,
        int rounds,
        String speechLogits,
        List<Double> accept,
        Quartiles fullTokensPerS,
        List<Policy> policies,
        RowCosts rowCosts) {
    /**
     * Where the measured model came from.
     *
     * @param command as it was called
     * @param model what it calls itself
     * @param file where it lies
     */
    public record Origin(String command, String model, String file) {}

    /**
     * One policy.
     *
     * @param policy in the notation of the command line
     * @param tokensPerS one value a run
     * @param speedUp against full depth, for pairs of neighbouring runs ({@link Alternation})
     * @param readings layers whose weights were read for each token, beside L
     * @param rowLayers layers that positions went through for each token, those that were taken back included
     * @param drafted drafts
     * @param confirmed those that stayed
     * @param cycleTokens tokens for each pass of full depth
     * @param forecast by arithmetic
     */
    public record Policy(
            String policy,
            Quartiles tokensPerS,
            Quartiles speedUp,
            double readings,
            double rowLayers,
            int drafted,
            int confirmed,
            double cycleTokens,
            Forecast forecast) {}

    /**
     * What arithmetic makes of the acceptance and of what rows cost.
     *
     * @param cycleTokens T
     * @param cycleLayers C
     * @param speedUp T (L + h) / C
     * @param speedUpAsDrawn the same with the tokens a cycle that the drawn verdicts gave
     */
    public record Forecast(double cycleTokens, double cycleLayers, double speedUp, double speedUpAsDrawn) {}

    static DraftReport of(Origin origin, LanguageModel model, DraftSettings settings, DraftBenchmark.Found found) {
        RowCosts costs = found.meter().costs();
        List<Policy> policies = new ArrayList<>();
        found.runs()
                .forEach((policy, runs) -> policies.add(policy(model, settings, costs, policy, found.full(), runs)));
        return new DraftReport(
                origin,
                Machine.here(),
                model.transformer().kernels().pool().threads(),
                model.transformer().kernels().arithmetic(),
                model.transformer().stack().describe(),
                model.layers(),
                settings.promptTokens(),
                settings.tokens(),
                found.full().size(),
                settings.speechLogits().toString(),
                settings.acceptance().shares(),
                Quartiles.of(speeds(found.full())),
                policies,
                costs);
    }

    private static Policy policy(
            LanguageModel model,
            DraftSettings settings,
            RowCosts costs,
            ExitPolicy policy,
            List<DraftRun> full,
            List<DraftRun> runs) {
        int tokens = runs.stream().mapToInt(DraftRun::tokens).sum();
        Effort.Share effort = runs.stream().map(DraftRun::effort).reduce(Effort.Share.NONE, Effort.Share::plus);
        double cycles = effort.passes().getOrDefault(model.layers(), 0);
        return new Policy(
                policy.toString(),
                Quartiles.of(speeds(runs)),
                Quartiles.of(Alternation.ratios(speeds(full), speeds(runs))),
                (double) effort.readings() / tokens,
                (double) effort.rowLayers() / tokens,
                effort.drafted(),
                effort.confirmed(),
                tokens / cycles,
                forecast(model.layers(), settings, costs, policy, tokens / cycles));
    }

    private static Forecast forecast(
            int layers, DraftSettings settings, RowCosts costs, ExitPolicy policy, double tokensAsDrawn) {
        double head = settings.speechLogits() == SpeechLogits.SPEECH ? costs.speechHead() : costs.fullHead();
        double[] accepted = settings.acceptance().first(DraftSettings.drafts(policy));
        DraftForecast forecast = policy.looksAhead()
                ? DraftForecast.ahead(costs, layers, head, costs.speechHead(), accepted)
                : DraftForecast.draft(costs, layers, head, policy.exitLayers().first(), accepted);
        double full = DraftForecast.fullDepth(layers, head);
        return new Forecast(
                forecast.tokens(),
                forecast.layers(),
                forecast.speedUp(full),
                new DraftForecast(tokensAsDrawn, forecast.layers()).speedUp(full));
    }

    private static List<Double> speeds(List<DraftRun> runs) {
        return runs.stream().map(DraftRun::tokensPerSecond).toList();
    }
}
