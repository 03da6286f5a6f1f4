package sparrow.engine.exit;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import sparrow.engine.interleave.Modality;

/**
 * Where positions leave early, and what the layers that they skip get of them.
 *
 * @param text exit policy of text positions
 * @param speech exit policy of speech positions
 * @param skippedKv keys and values in the skipped layers
 */
public record ExitPlan(ExitPolicy text, ExitPolicy speech, SkippedKv skippedKv) {
    /** Full depth everywhere: the unmodified model. */
    public static final ExitPlan NONE = new ExitPlan(new ExitPolicy.None(), new ExitPolicy.None());

    /** These policies, with skipped layers filled by deeper passes: {@link SkippedKv#FILL}. */
    public ExitPlan(ExitPolicy text, ExitPolicy speech) {
        this(text, speech, SkippedKv.FILL);
    }

    /** The plan that SPAR-K recommends: text at full depth, speech by {@code policy}. */
    public static ExitPlan speech(ExitPolicy policy) {
        return new ExitPlan(new ExitPolicy.None(), policy);
    }

    /** The same policies with another treatment of the layers that they skip. */
    public ExitPlan with(SkippedKv treatment) {
        return new ExitPlan(text, speech, treatment);
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
     * @param headLayers layers that have an exit head
     * @throws IllegalArgumentException in one line if a layer is L or above, or has no head
     */
    public void check(int layers, Set<Integer> headLayers) {
        check("text", text, layers, headLayers);
        check("speech", speech, layers, headLayers);
    }

    private static void check(String modality, ExitPolicy policy, int layers, Set<Integer> headLayers) {
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
