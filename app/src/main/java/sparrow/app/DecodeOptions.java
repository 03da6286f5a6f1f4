package sparrow.app;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sparrow.engine.decode.HeadRows;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Sampling;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.models.Conversation;
import sparrow.models.SpokenModel;

/** How deep positions run, how tokens are chosen, and when to stop. */
final class DecodeOptions {
    /** Seconds of speech after the text has ended that no sensible reply needs. */
    private static final double DEFAULT_TAIL_SECONDS = 30;

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
            names = "--head-rows",
            paramLabel = "ROWS",
            converter = HeadRowsConverter.class,
            defaultValue = "all",
            description = "Rows of the output matrix that are computed where speech is expected at full depth: all (the"
                    + " unmodified model), or speech: those of speech and end tokens alone, which reads less and leaves"
                    + " the greedy choice among them as it is. Default: ${DEFAULT-VALUE}.")
    private HeadRows headRows;

    @Option(
            names = "--count-head-differences",
            description = "Compute all rows as well, and report how often they would choose a token that is neither"
                    + " speech nor an end where speech is expected.")
    private boolean countHeadDifferences;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Sampling temperature; 0 is greedy. Default: the model's.")
    private Double temperature;

    @Option(names = "--top-k", paramLabel = "K", description = "Keep the K likeliest tokens; 0 is all.")
    private Integer topK;

    @Option(names = "--top-p", paramLabel = "P", description = "Keep the likeliest tokens that sum to P.")
    private Double topP;

    @Option(names = "--repetition-penalty", paramLabel = "X", description = "Weaken tokens seen before; 1 is none.")
    private Double repetitionPenalty;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of sampling and of the voice's noise. Default: 0.")
    private long seed;

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Most tokens of a reply. Default: ${DEFAULT-VALUE}.")
    private int newTokens;

    @Option(
            names = "--max-speech-tail",
            paramLabel = "SECONDS",
            description = "Most seconds of speech after the text has ended; 0 is no bound. Default: 30.")
    private double tailSeconds = DEFAULT_TAIL_SECONDS;

    /** The rows of the output matrix that speech positions need. */
    HeadRows headRows() {
        return countHeadDifferences ? new HeadRows.Counted(headRows) : headRows;
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
        Sampling own = model.defaultSampling();
        return new Sampling(
                temperature == null ? own.temperature() : temperature,
                topK == null ? own.topK() : topK,
                topP == null ? own.topP() : topP,
                repetitionPenalty == null ? own.repetitionPenalty() : repetitionPenalty,
                seed);
    }

    /** A new conversation under these options. */
    Conversation conversation(SpokenModel model) {
        return new Conversation(model, plan(model), sampling(model), limits(model.codesPerSecond()), headRows());
    }

    /**
     * The runaway guard.
     *
     * @param codesPerSecond speech tokens that one second of speech takes
     */
    private Limits limits(double codesPerSecond) {
        if (!(tailSeconds >= 0)) {
            throw new IllegalArgumentException("--max-speech-tail: expected 0 or more seconds, got " + tailSeconds);
        }
        int tail = tailSeconds == 0
                ? Limits.UNBOUNDED
                : (int) Math.min(Limits.UNBOUNDED, Math.max(1, Math.round(tailSeconds * codesPerSecond)));
        return new Limits(newTokens, tail);
    }
}
