package sparrow.engine.exit;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rule that decides how deep the positions of one modality run (SPAR-K, section 4, and the policies it is compared
 * with). A value: it prints as the notation that {@link #parse} reads.
 */
public sealed interface ExitPolicy {
    /**
     * The exits of a position in the order in which it comes to them (SPAR-K, section 4.2.1). It takes the first one that
     * lets it leave; the last one always does.
     *
     * @param chunkPosition place in its run of tokens of one modality, from 1
     * @param layers L
     */
    List<Exit> exits(int chunkPosition, int layers);

    /** The layers below L that positions may leave after, none for {@link None}. */
    SortedSet<Integer> exitLayers();

    /**
     * Average depth over whole chunks in closed form, for the policies that do not look at the data.
     *
     * @param layers L
     * @param chunkLength positions per chunk
     * @throws IllegalArgumentException for a confidence rule or drafts, whose depth only a run can tell
     */
    default double averageDepth(int layers, int chunkLength) {
        if (chunkLength < 1) {
            throw new IllegalArgumentException("chunk length: expected 1 or more, got " + chunkLength);
        }
        long sum = 0;
        for (int position = 1; position <= chunkLength; position++) {
            Exit exit = exits(position, layers).getFirst();
            if (exit.isConditional() || drafts()) {
                throw new IllegalArgumentException("the average depth of " + this + " depends on the data");
            }
            sum += exit.layer();
        }
        return (double) sum / chunkLength;
    }

    /** Whether its early tokens are drafts, which a pass of full depth has to confirm ({@link Refresh#REDO}). */
    default boolean drafts() {
        return false;
    }

    /** Whether its drafts come from a step head. */
    default boolean looksAhead() {
        return false;
    }

    /** Always full depth. */
    record None() implements ExitPolicy {
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
            return "none";
        }
    }

    /** Every position leaves after {@code layer}. */
    record Fixed(int layer) implements ExitPolicy {
        public Fixed {
            checkLayer(layer);
        }

        @Override
        public List<Exit> exits(int chunkPosition, int layers) {
            return List.of(Exit.always(layer));
        }

        @Override
        public SortedSet<Integer> exitLayers() {
            return only(layer);
        }

        @Override
        public String toString() {
            return "fixed:" + layer;
        }
    }

    /**
     * Leaves after the first of some layers whose exit head has an entropy below {@code threshold} nats, and after the last
     * layer of all where none has.
     *
     * @param exitLayers ascending, one or more
     */
    record Confidence(SortedSet<Integer> exitLayers, double threshold) implements ExitPolicy {
        public Confidence {
            if (exitLayers.isEmpty()) throw new IllegalArgumentException("exit layers: expected 1 or more, got none");
            exitLayers.forEach(ExitPolicy::checkLayer);
            if (!(threshold >= 0) || Double.isInfinite(threshold)) {
                throw new IllegalArgumentException("entropy threshold: expected 0 or more nats, got " + threshold);
            }
            exitLayers = Collections.unmodifiableSortedSet(new TreeSet<>(exitLayers));
        }

        /** The rule of one layer, as the paper compares with. */
        public Confidence(int layer, double threshold) {
            this(only(layer), threshold);
        }

        @Override
        public List<Exit> exits(int chunkPosition, int layers) {
            return Stream.concat(
                            exitLayers.stream().map(layer -> new Exit(layer, threshold)),
                            Stream.of(Exit.always(layers)))
                    .toList();
        }

        @Override
        public String toString() {
            return "conf:" + exitLayers.stream().map(String::valueOf).collect(Collectors.joining(",")) + ":"
                    + threshold;
        }
    }

    /**
     * SPAR-K: a repeating pattern over F (full depth) and E (exit after {@code layer}), restarted at every chunk. The
     * last repetition in a chunk may be cut short.
     */
    record Periodic(String pattern, int layer) implements ExitPolicy {
        public Periodic {
            checkLayer(layer);
            if (!pattern.matches("[FE]{1,64}")) {
                throw new IllegalArgumentException("exit pattern: expected 1 to 64 of F and E, got " + pattern);
            }
        }

        @Override
        public List<Exit> exits(int chunkPosition, int layers) {
            boolean full = pattern.charAt((chunkPosition - 1) % pattern.length()) == 'F';
            return List.of(Exit.always(full ? layers : layer));
        }

        @Override
        public SortedSet<Integer> exitLayers() {
            return only(layer);
        }

        @Override
        public String toString() {
            String name = switch (pattern) {
                case "FE" -> "even";
                case "EF" -> "odd";
                case "FEE" -> "triple";
                default -> pattern;
            };
            return name + ":" + layer;
        }
    }

    /**
     * Drafts: after each position of full depth, up to {@code most} leave after {@code layer}; the one behind them is full
     * and confirms their tokens or corrects them. It ends sooner where the exit head is unsure, where a reply may end, where text
     * and speech take turns, and it does not restart at chunks. Speculative decoding with the model's own lower layers as the drafter
     * (LayerSkip, Elhoushi et al. 2024; Draft &amp; Verify, Zhang et al. 2023).
     *
     * @param layer where drafts leave
     * @param most drafts in a row, 1 to {@link #MOST_DRAFTS}
     * @param nats entropy of the exit head, in nats, from which on a draft is the last of its row; infinite for no such bound
     */
    record Draft(int layer, int most, double nats) implements ExitPolicy {
        public Draft {
            checkLayer(layer);
            checkDrafts(most);
            if (!(nats >= 0))
                throw new IllegalArgumentException("entropy threshold: expected 0 or more nats, got " + nats);
        }

        /** Without a bound on the entropy. */
        public Draft(int layer, int most) {
            this(layer, most, Double.POSITIVE_INFINITY);
        }

        /** Those of a position that is drafted; whether it is depends on the drafts before it. */
        @Override
        public List<Exit> exits(int chunkPosition, int layers) {
            return List.of(Exit.always(layer));
        }

        @Override
        public SortedSet<Integer> exitLayers() {
            return only(layer);
        }

        @Override
        public boolean drafts() {
            return true;
        }

        @Override
        public String toString() {
            return "draft:" + layer + ":" + most + (nats < Double.POSITIVE_INFINITY ? ":" + nats : "");
        }
    }

    /**
     * {@link Draft} at the layer, and of the length, that pay best: decided anew after every position of full depth, by how often
     * drafts were right and by what rows cost on this machine. Full depth where nothing pays.
     */
    record DraftAuto() implements ExitPolicy {
        /** Those of full depth; what a position does depends on the drafts before it. */
        @Override
        public List<Exit> exits(int chunkPosition, int layers) {
            return List.of(Exit.always(layers));
        }

        /** None that it needs: any layer that has a head will do. */
        @Override
        public SortedSet<Integer> exitLayers() {
            return Collections.emptySortedSet();
        }

        @Override
        public boolean drafts() {
            return true;
        }

        @Override
        public String toString() {
            return "draft:auto";
        }
    }

    /**
     * Full depth everywhere, with drafts from a step head: it guesses up to {@code most} tokens behind the one just decided,
     * and the pass that would have run that token alone runs them all and confirms or corrects them. Speculative decoding by
     * heads that look ahead (Medusa, Cai et al. 2024; Hydra, Ankner et al. 2024).
     *
     * @param most drafts in a row, 1 to {@link #MOST_DRAFTS}
     */
    record Ahead(int most) implements ExitPolicy {
        public Ahead {
            checkDrafts(most);
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
        public boolean drafts() {
            return true;
        }

        @Override
        public boolean looksAhead() {
            return true;
        }

        @Override
        public String toString() {
            return "ahead:" + most;
        }
    }

    /**
     * {@link Ahead} with as many drafts as pay best, as {@link DraftAuto} finds them; none where nothing pays.
     */
    record AheadAuto() implements ExitPolicy {
        @Override
        public List<Exit> exits(int chunkPosition, int layers) {
            return List.of(Exit.always(layers));
        }

        @Override
        public SortedSet<Integer> exitLayers() {
            return Collections.emptySortedSet();
        }

        @Override
        public boolean drafts() {
            return true;
        }

        @Override
        public boolean looksAhead() {
            return true;
        }

        @Override
        public String toString() {
            return "ahead:auto";
        }
    }

    /** The longest row of drafts: what a pass confirms is held in memory, a score for every token of the vocabulary each. */
    int MOST_DRAFTS = 16;

    /**
     * Reads {@code none}, {@code fixed:38}, {@code conf:36:0.5}, {@code conf:20,28,36:0.5}, {@code even:36}, {@code odd:36},
     * {@code triple:37}, {@code draft:14:3}, {@code draft:14:3:0.5}, {@code draft:auto}, {@code ahead:3}, {@code ahead:auto}, or any pattern such as {@code FEEF:22}.
     *
     * @throws IllegalArgumentException in one line if it is none of them
     */
    static ExitPolicy parse(String text) {
        return PolicyNotation.parse(text);
    }

    private static SortedSet<Integer> only(int layer) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(List.of(layer)));
    }

    private static void checkDrafts(int most) {
        if (most < 1 || most > MOST_DRAFTS) {
            throw new IllegalArgumentException("drafts: expected 1 to " + MOST_DRAFTS + ", got " + most);
        }
    }

    private static void checkLayer(int layer) {
        if (layer < 1) throw new IllegalArgumentException("exit layer: expected 1 or more, got " + layer);
    }
}
