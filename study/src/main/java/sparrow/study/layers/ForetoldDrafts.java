package sparrow.study.layers;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import sparrow.engine.decode.Effort;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.Refresh;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.TokenSpace;

/**
 * What a reply would cost if its early tokens were redone at full depth ({@link sparrow.engine.exit.Refresh#REDO}), told from
 * what its layers say along the full-depth reply: which drafts would be right is known, and how many are made in vain behind a
 * wrong one follows from the plan. Nothing is decoded.
 *
 * <p>It is what decoding counts where every token is the favourite of its head (greedy, without a penalty of repetition), if {@link
 * Unread} says what is drafted behind a wrong draft; that it is an ordinary token is right nearly always. Of drawn replies it is an
 * estimate.
 */
final class ForetoldDrafts {
    private final ExitPlan plan;
    private final TokenSpace tokens;
    private final int newTokens;
    private final InterleaveTracker tracker;
    private final ReplyReading reply;
    private final Unread unread;
    private final int layers;
    private final Map<Modality, Count> counts = new EnumMap<>(Modality.class);

    /** Since the last full position. */
    private final List<Draft> drafts = new ArrayList<>();

    /** Tokens of the reply so far. */
    private int decided;

    /** What is drafted where nobody read: behind a wrong draft, and behind the reply. */
    @FunctionalInterface
    interface Unread {
        /**
         * A token.
         *
         * @param decided tokens of the reply before the drafts
         * @param drafted the drafts before this one
         * @param expected modality
         */
        int token(int decided, List<Integer> drafted, Modality expected);

        /** One that neither ends anything nor changes the order of text and speech. */
        static Unread ordinary(TokenSpace tokens) {
            int text = IntStream.range(0, tokens.textTokens())
                    .filter(tokens::isText)
                    .findFirst()
                    .orElse(0);
            return (decided, drafted, expected) -> expected == Modality.SPEECH ? tokens.speechOffset() : text;
        }
    }

    /**
     * A token that was drafted.
     *
     * @param modality that was expected
     * @param depth layers that its position is through
     * @param right whether full depth would choose the same, all drafts before it being right
     */
    private record Draft(int token, Modality modality, int depth, boolean right) {
        Draft carriedTo(int layer) {
            return new Draft(token, modality, Math.max(depth, layer), right);
        }
    }

    /** What the positions of one modality cost. */
    private static final class Count {
        private final SortedMap<Integer, Integer> passes = new TreeMap<>();
        private long rowLayers;
        private int drafted;
        private int confirmed;

        Effort.Share share() {
            return new Effort.Share(passes, rowLayers, drafted, confirmed);
        }
    }

    private ForetoldDrafts(
            ExitPlan plan,
            TokenSpace tokens,
            int newTokens,
            InterleaveTracker tracker,
            ReplyReading reply,
            Unread unread) {
        this.plan = plan;
        this.tokens = tokens;
        this.newTokens = newTokens;
        this.tracker = tracker;
        this.reply = reply;
        this.unread = unread;
        this.layers = reply.layers().getLast().layer();
        for (Modality modality : Modality.values()) counts.put(modality, new Count());
    }

    /**
     * The effort of one reply.
     *
     * @param plan that redoes, without thresholds of entropy; its layers were read
     * @param newTokens most tokens of a reply
     * @param tracker that expects the reply's first token
     * @param unread what is drafted in vain
     * @throws IllegalArgumentException if the plan does not redo, or looks at more than places
     */
    static Effort of(
            ExitPlan plan,
            TokenSpace tokens,
            int newTokens,
            InterleaveTracker tracker,
            ReplyReading reply,
            Unread unread) {
        if (!plan.refresh().equals(Refresh.REDO) || !isForetold(plan.text()) || !isForetold(plan.speech())) {
            throw new IllegalArgumentException(
                    "exit plan: expected early tokens that are redone, of schedules and drafts that look at nothing, got "
                            + plan);
        }
        ForetoldDrafts foretold = new ForetoldDrafts(plan, tokens, newTokens, tracker, reply, unread);
        foretold.verify(Modality.TEXT); // the last position of the prompt decides the first token
        while (foretold.decided < reply.positions()) foretold.cycle();
        return new Effort(
                foretold.counts.get(Modality.TEXT).share(),
                foretold.counts.get(Modality.SPEECH).share());
    }

    private static boolean isForetold(ExitPolicy policy) {
        return switch (policy) {
            case ExitPolicy.None none -> true;
            case ExitPolicy.Fixed fixed -> true;
            case ExitPolicy.Periodic periodic -> true;
            case ExitPolicy.Draft draft -> draft.nats() == Double.POSITIVE_INFINITY;
            case ExitPolicy.Confidence confidence -> false;
            case ExitPolicy.DraftAuto auto -> false;
            case ExitPolicy.Ahead ahead -> false;
            case ExitPolicy.AheadAuto auto -> false;
        };
    }

    private void cycle() {
        InterleaveTracker.Mark before = tracker.mark();
        while (!draftingIsOver() && exit() < layers) draft();
        Modality verifying = tracker.modality();
        tracker.rollBack(before);
        verify(verifying);
    }

    /** Whether the next position has to be full, because of the drafts before it or the limit behind it. */
    private boolean draftingIsOver() {
        if (decided + drafts.size() + 1 >= newTokens) return true;
        if (drafts.isEmpty()) return false;
        Draft last = drafts.getLast();
        if (drafts.size() == ExitPolicy.MOST_DRAFTS || tokens.isEnd(last.token()) || tokens.isMark(last.token())) {
            return true;
        }
        return plan.policy(tracker.modality()) instanceof ExitPolicy.Draft own
                && (drafts.size() >= own.most() || !own.equals(plan.policy(last.modality())));
    }

    /** Layer that the next position leaves after, unless it has to be full. */
    private int exit() {
        return plan.exits(tracker.modality(), tracker.chunkPosition(), layers)
                .getFirst()
                .layer();
    }

    private void draft() {
        int layer = exit();
        Modality modality = tracker.modality();
        carryTo(layer, modality);
        int place = decided + drafts.size();
        boolean wasRead = place < reply.positions() && drafts.stream().allMatch(Draft::right);
        boolean right = wasRead && reply.after(layer).at(place).rank() == 0;
        int token = right ? reply.reply().tokens().get(place) : wrong(wasRead, layer, place);
        drafts.add(new Draft(token, modality, layer, right));
        counts.get(modality).drafted++;
        tracker.accept(token);
    }

    private int wrong(boolean wasRead, int layer, int place) {
        if (wasRead) return reply.after(layer).at(place).choice();
        return unread.token(decided, drafts.stream().map(Draft::token).toList(), tracker.modality());
    }

    /** The newest position, and those before it that are not as deep. */
    private void carryTo(int layer, Modality newest) {
        Count count = counts.get(newest);
        count.passes.merge(layer, 1, Integer::sum);
        count.rowLayers += layer;
        for (Draft draft : drafts) count.rowLayers += Math.max(0, layer - draft.depth());
        drafts.replaceAll(draft -> draft.carriedTo(layer));
    }

    /** A position of full depth, which decides all tokens since the last one: the right drafts and one more. */
    private void verify(Modality newest) {
        carryTo(layers, newest);
        for (Draft draft : drafts) {
            if (!draft.right()) break;
            counts.get(draft.modality()).confirmed++;
            tracker.accept(draft.token());
            decided++;
        }
        drafts.clear();
        if (decided < reply.positions()) tracker.accept(reply.reply().tokens().get(decided++));
    }
}
