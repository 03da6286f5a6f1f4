package sparrow.engine.exit;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import sparrow.engine.interleave.Modality;

/**
 * Determines the depth of a reply's positions, the treatment of skipped layers, and the verification of early tokens.
 * Plans are immutable. {@code toString} returns the notation that {@link #parse} accepts.
 *
 * @param text policy for text positions
 * @param speech policy for speech positions
 * @param skippedKv treatment of keys and values in the skipped layers
 * @param verification use of full depth to verify early tokens
 * @param speechLogits logits computed by the model's own head at speech positions with full depth
 */
public record ExitPlan(
        DepthPolicy text,
        DepthPolicy speech,
        SkippedKv skippedKv,
        Verification verification,
        SpeechLogits speechLogits) {
    /**
     * Regular expression that splits a list of plans at commas, except commas in {@code conf:20,28:0.5} and before
     * {@code speech=}.
     */
    public static final String SEPARATOR = ",(?=[A-Za-z])(?!speech=)";

    /** Plan that runs every position at full depth, as in the unmodified model. */
    public static final ExitPlan NONE = new ExitPlan(new ExitPolicy.None(), new ExitPolicy.None());

    public ExitPlan {
        if (verification != Verification.NONE && skippedKv != SkippedKv.FILL) {
            throw new IllegalArgumentException("verification " + verification
                    + ": expected skipped keys and values to be filled, got " + skippedKv
                    + "; only positions that pass through the last layer can be verified");
        }
        for (DepthPolicy policy : List.of(text, speech)) checkVerification(policy, verification);
    }

    /** Creates a plan whose skipped layers are filled by deeper passes ({@link SkippedKv#FILL}). */
    public ExitPlan(DepthPolicy text, DepthPolicy speech) {
        this(text, speech, SkippedKv.FILL);
    }

    /** Creates a plan that verifies drafts and accepts all other early tokens. */
    public ExitPlan(DepthPolicy text, DepthPolicy speech, SkippedKv skippedKv) {
        this(
                text,
                speech,
                skippedKv,
                speculates(text, speech) ? Verification.EXACT : Verification.NONE,
                SpeechLogits.ALL);
    }

    /**
     * Parses a policy for speech such as {@code even:36}, a policy for text such as {@code text=conf:22:0.5}, or both,
     * as in {@code text=none,speech=conf:22:0.5}. Options may follow in this order: {@code +copy} or {@code +omit}
     * ({@link SkippedKv}), {@code +measure} or {@code +verify} ({@link Verification#MEASURE},
     * {@link Verification#EXACT}), and {@code +speech-rows} ({@link SpeechLogits#SPEECH}).
     *
     * @throws IllegalArgumentException if the text is not a plan, or if its parts cannot be combined; the message is
     *     one line
     */
    public static ExitPlan parse(String text) {
        return PolicyNotation.plan(text);
    }

    private static void checkVerification(DepthPolicy policy, Verification verification) {
        if (policy instanceof Speculation && verification != Verification.EXACT) {
            throw new IllegalArgumentException("policy " + policy + ": expected verification exact, got " + verification
                    + "; drafts must be verified");
        }
        if (verification == Verification.EXACT && policy instanceof ExitPolicy.Confidence) {
            throw new IllegalArgumentException("verification exact: expected no confidence rule, got " + policy
                    + "; its exact form is draft:LAYER:N:NATS");
        }
    }

    private static boolean speculates(DepthPolicy text, DepthPolicy speech) {
        return text instanceof Speculation || speech instanceof Speculation;
    }

    /** Returns the plan recommended by SPAR-K: text at full depth and a policy for speech. */
    public static ExitPlan speech(DepthPolicy policy) {
        return new ExitPlan(new ExitPolicy.None(), policy);
    }

    /** Returns whether at least one of the policies is a {@link Speculation}. */
    public boolean speculates() {
        return speculates(text, speech);
    }

    /** Returns a copy with a different verification of early tokens. */
    public ExitPlan with(Verification other) {
        return new ExitPlan(text, speech, skippedKv, other, speechLogits);
    }

    /** Returns a copy with different logits at speech positions. */
    public ExitPlan with(SpeechLogits other) {
        return new ExitPlan(text, speech, skippedKv, verification, other);
    }

    /** Returns the depth policy for a modality. */
    public DepthPolicy policy(Modality modality) {
        return switch (modality) {
            case TEXT -> text;
            case SPEECH -> speech;
        };
    }

    /**
     * Checks that a model supports this plan.
     *
     * @param layers number of layers, L
     * @param textLayers layers with an exit head for text positions
     * @param speechLayers layers with an exit head for speech positions
     * @param draftHead whether the model has a {@code DraftHead}
     * @throws IllegalArgumentException if an exit layer is not below L or has no head, or if a draft head is missing;
     *     the message is one line
     */
    public void check(int layers, Set<Integer> textLayers, Set<Integer> speechLayers, boolean draftHead) {
        check("text", text, layers, textLayers, draftHead);
        check("speech", speech, layers, speechLayers, draftHead);
    }

    private static void check(
            String modality, DepthPolicy policy, int layers, Set<Integer> headLayers, boolean draftHead) {
        if (policy instanceof Speculation.DraftHeadPolicy && !draftHead) {
            throw new IllegalArgumentException(
                    modality + " exit " + policy + ": expected a model with a draft head, found none");
        }
        for (int layer : policy.exitLayers()) {
            if (layer >= layers) {
                throw new IllegalArgumentException(modality + " exit " + policy + ": expected a layer from 1 to "
                        + (layers - 1) + " (the model has " + layers + "), got " + layer);
            }
            if (!headLayers.contains(layer)) {
                throw new IllegalArgumentException(
                        modality + " exit " + policy + ": no exit head for layer " + layer + "; " + modality
                                + " heads found: " + (headLayers.isEmpty() ? "none" : new TreeSet<>(headLayers)));
            }
        }
    }

    @Override
    public String toString() {
        return PolicyNotation.text(this);
    }
}
