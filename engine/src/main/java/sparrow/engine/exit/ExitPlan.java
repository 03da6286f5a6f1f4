package sparrow.engine.exit;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import sparrow.engine.interleave.Modality;

/**
 * The depth of a reply's positions, the treatment of the layers that they skip, and the verification of early tokens.
 *
 * @param text depth of text positions
 * @param speech depth of speech positions
 * @param skippedKv keys and values in the skipped layers
 * @param verification the question that full depth is asked about early tokens
 */
public record ExitPlan(DepthPolicy text, DepthPolicy speech, SkippedKv skippedKv, Verification verification) {
    /** Full depth everywhere: the unmodified model. */
    public static final ExitPlan NONE = new ExitPlan(new ExitPolicy.None(), new ExitPolicy.None());

    public ExitPlan {
        if (verification != Verification.NONE && skippedKv != SkippedKv.FILL) {
            throw new IllegalArgumentException("verification " + verification
                    + ": expected skipped keys and values to be filled, got " + skippedKv
                    + "; only positions that are carried to the last layer can be verified there");
        }
        for (DepthPolicy policy : List.of(text, speech)) checkVerification(policy, verification);
    }

    /** These policies, with skipped layers filled by deeper passes: {@link SkippedKv#FILL}. */
    public ExitPlan(DepthPolicy text, DepthPolicy speech) {
        this(text, speech, SkippedKv.FILL);
    }

    /** These policies and treatment. Drafts are verified, all other early tokens stay. */
    public ExitPlan(DepthPolicy text, DepthPolicy speech, SkippedKv skippedKv) {
        this(text, speech, skippedKv, speculates(text, speech) ? Verification.EXACT : Verification.NONE);
    }

    private static void checkVerification(DepthPolicy policy, Verification verification) {
        if (policy instanceof Speculation && verification != Verification.EXACT) {
            throw new IllegalArgumentException("policy " + policy + ": expected verification exact, got " + verification
                    + "; drafts have to be confirmed");
        }
        if (verification == Verification.EXACT && policy instanceof ExitPolicy.Confidence) {
            throw new IllegalArgumentException("verification exact: expected no confidence rule, got " + policy
                    + "; its exact form is draft:LAYER:N:NATS");
        }
    }

    private static boolean speculates(DepthPolicy text, DepthPolicy speech) {
        return text instanceof Speculation || speech instanceof Speculation;
    }

    /** The plan that SPAR-K recommends: text at full depth, speech by {@code policy}. */
    public static ExitPlan speech(DepthPolicy policy) {
        return new ExitPlan(new ExitPolicy.None(), policy);
    }

    /** Whether one of its policies drafts. */
    public boolean speculates() {
        return speculates(text, speech);
    }

    /**
     * Other policies with the same treatment of the layers that they skip.
     *
     * @param wished the verification of their early tokens. Without a wish drafts are verified, and other early tokens are treated
     *     as those of this plan, unless this plan verifies because it drafts
     */
    public ExitPlan with(DepthPolicy otherText, DepthPolicy otherSpeech, Optional<Verification> wished) {
        boolean same =
                speculates(otherText, otherSpeech) ? verification == Verification.EXACT : !speculates(text, speech);
        if (wished.isEmpty() && !same) return new ExitPlan(otherText, otherSpeech, skippedKv);
        return new ExitPlan(otherText, otherSpeech, skippedKv, wished.orElse(verification));
    }

    /** The same plan, which measures its early tokens if it would only fill the layers that they skip. */
    public ExitPlan measuring() {
        boolean fills = skippedKv == SkippedKv.FILL && verification == Verification.NONE;
        return fills ? with(Verification.MEASURE) : this;
    }

    /** The same policies with another treatment of the layers that they skip. */
    public ExitPlan with(SkippedKv treatment) {
        return new ExitPlan(text, speech, treatment, verification);
    }

    /** The same policies with another verification of early tokens. */
    public ExitPlan with(Verification other) {
        return new ExitPlan(text, speech, skippedKv, other);
    }

    /** The depth policy of a modality. */
    public DepthPolicy policy(Modality modality) {
        return switch (modality) {
            case TEXT -> text;
            case SPEECH -> speech;
        };
    }

    /**
     * Checks the plan against a model.
     *
     * @param layers L
     * @param textLayers layers with an exit head for text positions
     * @param speechLayers layers with an exit head for speech positions
     * @param draftHead whether the model has a {@link DraftHead}
     * @throws IllegalArgumentException in one line if a layer is L or above, or has no head, or if a draft head is missing
     */
    public void check(int layers, Set<Integer> textLayers, Set<Integer> speechLayers, boolean draftHead) {
        check("text", text, layers, textLayers, draftHead);
        check("speech", speech, layers, speechLayers, draftHead);
    }

    private static void check(
            String modality, DepthPolicy policy, int layers, Set<Integer> headLayers, boolean draftHead) {
        if (policy instanceof Speculation.HeadDraft && !draftHead) {
            throw new IllegalArgumentException(
                    modality + " exit " + policy + ": expected a model with a draft head, found none");
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
