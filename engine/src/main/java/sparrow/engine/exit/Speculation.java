package sparrow.engine.exit;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Speculative decoding: cheap drafts, which a pass of full depth confirms or corrects ({@link Verification#EXACT}). A row of drafts
 * ends where the reply may end, where text and speech take turns out of their order, and where modalities with other policies
 * meet; it does not restart at chunks.
 */
public sealed interface Speculation extends DepthPolicy {
    /** The longest row of drafts: the scores of all its positions, one for every token each, are in memory at once. */
    int MOST_DRAFTS = 16;

    /** Drafts in a row, 1 to {@link #MOST_DRAFTS}. */
    int most();

    /**
     * The model's own lower layers draft (LayerSkip, Elhoushi et al. 2024; Draft &amp; Verify, Zhang et al. 2023): behind each
     * position of full depth up to {@code most} positions leave after {@code layer}.
     *
     * @param layer after which drafts leave
     * @param nats entropy of the exit head, in nats, from which on a draft is the last of its row; infinite for no such bound
     */
    record SelfDraft(int layer, int most, double nats) implements Speculation {
        public SelfDraft {
            ExitPolicy.checkLayer(layer);
            checkDrafts(most);
            if (!(nats >= 0))
                throw new IllegalArgumentException("entropy threshold: expected 0 or more nats, got " + nats);
        }

        /** Without a bound on the entropy. */
        public SelfDraft(int layer, int most) {
            this(layer, most, Double.POSITIVE_INFINITY);
        }

        @Override
        public SortedSet<Integer> exitLayers() {
            return Collections.unmodifiableSortedSet(new TreeSet<>(List.of(layer)));
        }

        @Override
        public String toString() {
            return "draft:" + layer + ":" + most + (nats < Double.POSITIVE_INFINITY ? ":" + nats : "");
        }
    }

    /**
     * A head that looks ahead drafts (Medusa, Cai et al. 2024; Hydra, Ankner et al. 2024; EAGLE, Li et al. 2024): up to {@code
     * most} tokens behind the one just decided, and the pass that would have run that token alone runs them all.
     */
    record HeadDraft(int most) implements Speculation {
        public HeadDraft {
            checkDrafts(most);
        }

        @Override
        public SortedSet<Integer> exitLayers() {
            return Collections.emptySortedSet();
        }

        @Override
        public String toString() {
            return "speculate:" + most;
        }
    }

    private static void checkDrafts(int most) {
        if (most < 1 || most > MOST_DRAFTS) {
            throw new IllegalArgumentException("drafts: expected 1 to " + MOST_DRAFTS + ", got " + most);
        }
    }
}
