package sparrow.app.options;

import java.util.Optional;
import picocli.CommandLine.Option;
import sparrow.engine.decode.Limits;
import sparrow.engine.head.Sampling;
import sparrow.models.SpokenModel;

/** Options for sampling and the end of a reply. A picocli mixin. */
public final class TokenOptions {
    /** Maximum seconds of speech after the end of the text. Useful replies are shorter. */
    private static final double DEFAULT_TAIL_SECONDS = 30;

    private static final int DEFAULT_NEW_TOKENS = 2000;

    @Option(
            names = "--temperature",
            converter = Numbers.NotNegative.class,
            paramLabel = "T",
            description = "Sampling temperature; 0 is greedy. Default: the model's.")
    private Double temperature;

    @Option(
            names = "--set top-k",
            converter = Numbers.From0.class,
            paramLabel = "K",
            description = "Sample from the K likeliest tokens; 0 means all. Default: the model's.")
    private Integer topK;

    @Option(
            names = "--set top-p",
            converter = Numbers.Share.class,
            paramLabel = "P",
            description = "Sample from the likeliest tokens whose probabilities sum to P. Default: the model's.")
    private Double topP;

    @Option(
            names = "--set repetition-penalty",
            converter = Numbers.Positive.class,
            paramLabel = "X",
            description = "Penalty for repeated tokens; 1 means none. Default: the model's.")
    private Double repetitionPenalty;

    @Option(names = "--seed", paramLabel = "N", description = "Seed for sampling and speech synthesis. Default: 0.")
    private long seed;

    @Option(
            names = "--max-new-tokens",
            converter = Numbers.From1.class,
            paramLabel = "N",
            description = "Maximum tokens per reply. Default: 2000, or fewer in studies of conversations.")
    private Integer newTokens;

    @Option(
            names = "--set max-speech-tail",
            converter = Numbers.NotNegative.class,
            paramLabel = "SECONDS",
            description = "Maximum seconds of speech after the end of the text; 0 means no limit. Default: 30.")
    private double tailSeconds = DEFAULT_TAIL_SECONDS;

    @Option(
            names = "--set stop-loops",
            paramLabel = "true|false",
            description = "Stop a reply that repeats itself or continues far beyond its text. Default: true, but "
                    + "false in studies.")
    private Boolean stopLoops;

    /** Returns the sampling options, with the model's defaults for options that were not given. */
    public Sampling sampling(SpokenModel model) {
        Sampling own = model.defaultSampling();
        return new Sampling(
                temperature == null ? own.temperature() : temperature,
                topK == null ? own.topK() : topK,
                topP == null ? own.topP() : topP,
                repetitionPenalty == null ? own.repetitionPenalty() : repetitionPenalty,
                seed,
                own.codes()
                        .with(
                                temperature == null ? own.codes().temperature() : temperature,
                                topK == null ? own.codes().topK() : topK));
    }

    /**
     * Returns the limits at which a reply is stopped.
     *
     * @param otherwise whether loops are stopped if the option was not given
     */
    public Limits limits(SpokenModel model, boolean otherwise) {
        return limits(model, otherwise, 1);
    }

    /**
     * Returns the limits at which a reply is stopped.
     *
     * @param otherwise whether loops are stopped if the option was not given
     * @param turns number of turns in the longest conversation. If tokens per reply are not given, the replies to its
     *     earlier turns fit into half of the model's context
     */
    public Limits limits(SpokenModel model, boolean otherwise, int turns) {
        int context = model.languageModel().transformer().config().contextLength();
        int fit = turns == 1 ? DEFAULT_NEW_TOKENS : Math.min(DEFAULT_NEW_TOKENS, context / 2 / (turns - 1));
        int tail = tailSeconds == 0
                ? Limits.UNBOUNDED
                : (int) Math.min(Limits.UNBOUNDED, Math.max(1, Math.round(tailSeconds * model.speechUnitsPerSecond())));
        boolean stops = stopLoops == null ? otherwise : stopLoops;
        return new Limits(
                newTokens == null ? Math.max(1, fit) : newTokens,
                tail,
                stops ? Optional.of(model.loopRule()) : Optional.empty());
    }
}
