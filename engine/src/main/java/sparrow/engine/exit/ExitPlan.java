package sparrow.engine.exit;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import sparrow.engine.interleave.Modality;

/**
 * Where positions leave early, what the layers that they skip get of them, and what the next pass of full depth does about
 * their tokens.
 *
 * @param text exit policy of text positions
 * @param speech exit policy of speech positions
 * @param skippedKv keys and values in the skipped layers
 * @param refresh what becomes of early tokens at full depth
 */
public record ExitPlan(ExitPolicy text, ExitPolicy speech, SkippedKv skippedKv, Refresh refresh) {
    /** Full depth everywhere: the unmodified model. */
    public static final ExitPlan NONE = new ExitPlan(new ExitPolicy.None(), new ExitPolicy.None());

    public ExitPlan {
        if (refresh.asks() && skippedKv != SkippedKv.FILL) {
            throw new IllegalArgumentException(
                    "refresh " + refresh + ": expected skipped keys and values to be filled, got " + skippedKv
                            + "; only what is carried to the last layer can be checked there");
        }
        for (ExitPolicy policy : List.of(text, speech)) checkRefresh(policy, refresh);
    }

    /** These policies, with skipped layers filled by deeper passes: {@link SkippedKv#FILL}. */
    public ExitPlan(ExitPolicy text, ExitPolicy speech) {
        this(text, speech, SkippedKv.FILL);
    }

    /** These policies and treatment. What is drafted is redone ({@link Refresh#REDO}), all other early tokens stay. */
    public ExitPlan(ExitPolicy text, ExitPolicy speech, SkippedKv skippedKv) {
        this(text, speech, skippedKv, text.drafts() || speech.drafts() ? Refresh.REDO : Refresh.FILL);
    }

    private static void checkRefresh(ExitPolicy policy, Refresh refresh) {
        if (policy.drafts() && !refresh.redoes()) {
            throw new IllegalArgumentException("exit policy " + policy + ": expected refresh redo, got " + refresh
                    + "; what is drafted has to be confirmed");
        }
        if (refresh.redoes() && policy instanceof ExitPolicy.Confidence) {
            throw new IllegalArgumentException("refresh " + refresh + ": expected no confidence rule, got " + policy
                    + "; its exact form is draft:LAYER:N:NATS");
        }
    }

    /** The plan that SPAR-K recommends: text at full depth, speech by {@code policy}. */
    public static ExitPlan speech(ExitPolicy policy) {
        return new ExitPlan(new ExitPolicy.None(), policy);
    }

    /**
     * Other policies with the same treatment of the layers that they skip.
     *
     * @param wished what becomes of their early tokens. If that is not said, drafts are redone, and others fare as those of
     *     this plan do, unless its own are redone because they are drafts
     */
    public ExitPlan with(ExitPolicy otherText, ExitPolicy otherSpeech, Optional<Refresh> wished) {
        boolean drafts = otherText.drafts() || otherSpeech.drafts();
        boolean same = drafts ? refresh.redoes() : !text.drafts() && !speech.drafts();
        if (wished.isEmpty() && !same) return new ExitPlan(otherText, otherSpeech, skippedKv);
        return new ExitPlan(otherText, otherSpeech, skippedKv, wished.orElse(refresh));
    }

    /** The same plan, whose early tokens are checked if it would only fill what they skip. */
    public ExitPlan checking() {
        boolean fills = skippedKv == SkippedKv.FILL && !refresh.asks();
        return fills ? with(Refresh.CHECK) : this;
    }

    /** The same policies with another treatment of the layers that they skip. */
    public ExitPlan with(SkippedKv treatment) {
        return new ExitPlan(text, speech, treatment, refresh);
    }

    /** The same policies with another fate of early tokens. */
    public ExitPlan with(Refresh other) {
        return new ExitPlan(text, speech, skippedKv, other);
    }

    /**
     * The exits of a position, in the order in which it comes to them ({@link ExitPolicy#exits}).
     *
     * @param modality what the position is expected to decide
     * @param chunkPosition place in its run of tokens of that modality, from 1
     * @param layers L
     */
    public List<Exit> exits(Modality modality, int chunkPosition, int layers) {
        return policy(modality).exits(chunkPosition, layers);
    }

    /** The exit policy of a modality. */
    public ExitPolicy policy(Modality modality) {
        return switch (modality) {
            case TEXT -> text;
            case SPEECH -> speech;
        };
    }

    /**
     * Checks the plan against a model.
     *
     * @param layers L
     * @param heads those of the model
     * @throws IllegalArgumentException in one line if a layer is L or above, or has no head, or if a step head is missing
     */
    public void check(int layers, ExitHeads heads) {
        check(layers, heads.layers(), heads.step().isPresent());
    }

    void check(int layers, Set<Integer> headLayers, boolean stepHead) {
        check("text", text, layers, headLayers, stepHead);
        check("speech", speech, layers, headLayers, stepHead);
    }

    private static void check(
            String modality, ExitPolicy policy, int layers, Set<Integer> headLayers, boolean stepHead) {
        if (policy.looksAhead() && !stepHead) {
            throw new IllegalArgumentException(
                    modality + " exit " + policy + ": expected a model with a step head, found none");
        }
        if (policy instanceof ExitPolicy.DraftAuto && headLayers.isEmpty()) {
            throw new IllegalArgumentException(
                    modality + " exit " + policy + ": expected a model with exit heads, found none");
        }
        for (int layer : policy.exitLayers()) {
            if (layer >= layers) {
                throw new IllegalArgumentException(modality + " exit " + policy + ": expected a layer from 1 to "
                        + (layers - 1) + " (the model has " + layers + "), got " + layer);
            }
            if (!headLayers.contains(layer)) {
                throw new IllegalArgumentException(modality + " exit " + policy + ": no exit head for layer " + layer
                        + "; heads found: " + (headLayers.isEmpty() ? "none" : new TreeSet<>(headLayers)));
            }
        }
    }
}
