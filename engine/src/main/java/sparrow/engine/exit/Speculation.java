package sparrow.engine.exit;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Policies for speculative decoding, whose early units are drafts that a pass at full depth verifies
 * ({@link Verification#EXACT}). A run of drafts ends after a unit that ends the reply, after a unit that may break the
 * pattern of text and speech, and before a modality with a different policy. Chunk boundaries do not end a run.
 */
public sealed interface Speculation extends DepthPolicy {
    /** Maximum length of a run of drafts. The logits of all its positions are in memory at the same time. */
    int MAX_DRAFTS = 16;

    /** Returns the maximum number of drafts in a run, from 1 to {@link #MAX_DRAFTS}. */
    int maxDrafts();

    /**
     * Drafts with the model's own lower layers (LayerSkip, Elhoushi et al. 2024; Draft &amp; Verify, Zhang et al.
     * 2023): after each position at full depth, up to {@code maxDrafts} positions exit after {@code layer}.
     *
     * @param layer layer after which drafts exit
     * @param nats exit head entropy, in nats, at or above which a draft is the last of its run; infinite if there is no
     *     bound
     */
    record SelfDraft(int layer, int maxDrafts, double nats) implements Speculation {
        public SelfDraft {
            ExitPolicy.checkLayer(layer);
            checkDrafts(maxDrafts);
            if (!(nats >= 0))
                throw new IllegalArgumentException("entropy threshold: expected 0 or more nats, got " + nats);
        }

        /** Creates a policy without a bound on the entropy. */
        public SelfDraft(int layer, int maxDrafts) {
            this(layer, maxDrafts, Double.POSITIVE_INFINITY);
        }

        @Override
        public List<Exit> exits(int chunkPosition, int layers) {
            return List.of(Exit.always(layer));
        }

        @Override
        public SortedSet<Integer> exitLayers() {
            return Collections.unmodifiableSortedSet(new TreeSet<>(List.of(layer)));
        }

        @Override
        public String toString() {
            return "draft:" + layer + ":" + maxDrafts + (nats < Double.POSITIVE_INFINITY ? ":" + nats : "");
        }
    }

    /**
     * Drafts with a {@code DraftHead} (Medusa, Cai et al. 2024; Hydra, Ankner et al. 2024; EAGLE, Li et al. 2024): up
     * to {@code maxDrafts} units follow the last unit. One pass at full depth runs the last unit together with the
     * drafts.
     */
    record DraftHeadPolicy(int maxDrafts) implements Speculation {
        public DraftHeadPolicy {
            checkDrafts(maxDrafts);
        }

        @Override
        public List<Exit> exits(int chunkPosition, int layers) {
            return List.of(Exit.always(layers));
        }

        @Override
        public SortedSet<Integer> exitLayers() {
            return Collections.emptySortedSet();
        }

        @Override
        public String toString() {
            return "speculate:" + maxDrafts;
        }
    }

    private static void checkDrafts(int maxDrafts) {
        if (maxDrafts < 1 || maxDrafts > MAX_DRAFTS) {
            throw new IllegalArgumentException("drafts: expected 1 to " + MAX_DRAFTS + ", got " + maxDrafts);
        }
    }
}
