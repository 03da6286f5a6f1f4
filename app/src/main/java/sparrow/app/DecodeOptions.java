package sparrow.app;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sparrow.engine.decode.HeadRows;
import sparrow.engine.decode.Sampling;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.models.Conversation;
import sparrow.models.SpokenModel;

/** How deep positions run, how tokens are chosen, and when to stop. */
final class DecodeOptions {
    @Option(
            names = "--speech-exit",
            paramLabel = "POLICY",
            converter = PolicyConverter.class,
            description = "Exit policy of speech positions: none, fixed:LAYER, conf:LAYER:NATS, even:LAYER, odd:LAYER,"
                    + " triple:LAYER, or a pattern of F (full) and E (early) such as FEEF:LAYER. Default: the"
                    + " model's own, else none.")
    private ExitPolicy speechExit;

    @Option(
            names = "--text-exit",
            paramLabel = "POLICY",
            converter = PolicyConverter.class,
            description = "Exit policy of text positions. Default: none.")
    private ExitPolicy textExit;

    @Mixin
    private BaselineOptions baseline;

    @Option(
            names = "--count-head-differences",
            description = "Compute all rows of the output matrix, whatever --head-rows says, and report how often they"
                    + " would choose a token that is neither speech nor an end where speech is expected.")
    private boolean countHeadDifferences;

    @Mixin
    private TokenOptions tokenOptions;

    /** The rows of the output matrix that speech positions need. */
    HeadRows headRows() {
        HeadRows rows = tokenOptions.headRows();
        return countHeadDifferences ? new HeadRows.Counted(rows) : rows;
    }

    /** The exit plan, with the model's own for what was not given. */
    ExitPlan plan(SpokenModel model) {
        ExitPlan own = model.defaultPlan();
        return new ExitPlan(
                textExit == null ? own.text() : textExit,
                speechExit == null ? own.speech() : speechExit,
                baseline.missingKeys());
    }

    /** The sampling, with the model's own for what was not given. */
    Sampling sampling(SpokenModel model) {
        return tokenOptions.sampling(model);
    }

    /** A new conversation under these options. */
    Conversation conversation(SpokenModel model) {
        return new Conversation(
                model, plan(model), sampling(model), tokenOptions.limits(model.codesPerSecond()), headRows());
    }
}
