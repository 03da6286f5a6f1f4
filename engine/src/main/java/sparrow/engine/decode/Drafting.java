package sparrow.engine.decode;

import java.util.List;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.Logits;
import sparrow.engine.exit.Refresh;
import sparrow.engine.interleave.Modality;

/**
 * The early tokens of a reply that full depth has not been asked about: whether another draft may follow them, and how they
 * compare with what full depth says.
 */
final class Drafting {
    private final LanguageModel model;
    private final GenerationConfig config;
    private final Course course;
    private final Nearness nearness;
    private final DraftChoices choices;
    private final EarlyTokens early = new EarlyTokens();
    private Drift drift = Drift.NONE;

    /** Whether the row of drafts ends with the last one. */
    private boolean lastDraft;

    /** Where the step head stands: with the state after layer L that decided the last step, then with its own; null for none. */
    private float[] stepState;

    Drafting(LanguageModel model, GenerationConfig config, Sequence sequence, Course course, Nearness nearness) {
        this.model = model;
        this.config = config;
        this.course = course;
        this.nearness = nearness;
        this.choices = new DraftChoices(model, config, sequence);
    }

    EarlyTokens early() {
        return early;
    }

    Drift drift() {
        return drift;
    }

    /** What positions of a modality do at present. */
    ExitPolicy policy(Modality modality) {
        return choices.policy(modality);
    }

    Refresh refresh() {
        return config.plan().refresh();
    }

    /**
     * Whether the position that was just fed has to be full, because drafts wait for it or none may follow.
     *
     * @param steps of the reply so far
     * @param room positions behind it
     */
    boolean isOver(int steps, int room) {
        if (!refresh().redoes()) return false;
        if (early.isFull() || mayNotFollow(steps, room)) return true;
        return policy(course.modality()) instanceof ExitPolicy.Draft own
                && !early.isEmpty()
                && (early.count() >= own.most() || !isOfThisRow(own));
    }

    /** Whether the step head is to draft a token behind what is fed. */
    boolean wantsStepDraft(int steps, int room) {
        if (stepState == null || mayNotFollow(steps, room)) return false;
        return policy(course.modality()) instanceof ExitPolicy.Ahead own
                && early.count() < own.most()
                && (early.isEmpty() || isOfThisRow(own));
    }

    /** A draft is followed by the position that confirms it, which decides a token too. */
    private boolean mayNotFollow(int steps, int room) {
        return lastDraft || steps + early.count() + 1 >= config.limits().newTokens() || room < 1;
    }

    private boolean isOfThisRow(ExitPolicy own) {
        return own.equals(policy(early.last().modality()));
    }

    float[] stepState() {
        return stepState;
    }

    /** Puts the step head where it goes on from. */
    void stepFrom(float[] state) {
        stepState = state;
    }

    /** Whether the step head drafts at all. */
    boolean looksAhead() {
        return config.plan().text().looksAhead() || config.plan().speech().looksAhead();
    }

    /** Whether a head is so unsure that its draft is the last of its row. */
    boolean isUnsure(Logits logits) {
        return policy(course.modality()) instanceof ExitPolicy.Draft own
                && own.nats() < Double.POSITIVE_INFINITY
                && logits.entropy() >= own.nats();
    }

    /** Takes note of an early token, before the reply accepts it. */
    void add(int chosen, int token, int layer, boolean speechLogits) {
        early.add(new EarlyToken(course.mark(), chosen, token, course.modality(), layer, speechLogits));
    }

    /** Adds a draft, and accepts it. */
    void draft(int chosen, int token, int layer, boolean speechLogits, boolean last) {
        add(chosen, token, layer, speechLogits);
        course.accept(token);
        // The reply may end with it, or text and speech take turns out of their order.
        lastDraft = last || model.tokens().isEnd(token) || model.tokens().isMark(token);
    }

    /** The row of drafts, at whose beginning the reply stands again. */
    List<EarlyToken> takeBack() {
        lastDraft = false;
        List<EarlyToken> row = early.drain();
        if (!row.isEmpty()) course.rollBack(row.getFirst().before());
        return row;
    }

    /**
     * Compares early tokens with what the final head would have chosen, each time after the tokens that it had seen.
     *
     * @param newest position of the newest one, which decides behind them
     */
    void check(List<Logits> logits, int newest) {
        if (early.isEmpty()) return;
        Course.Mark now = course.mark();
        List<EarlyToken> checked = early.drain();
        course.rollBack(checked.getFirst().before());
        for (int i = 0; i < checked.size(); i++) {
            int position = newest - checked.size() + i;
            judge(logits.get(i), checked.get(i), course.choose(logits.get(i), position));
            course.accept(checked.get(i).token());
        }
        if (!course.mark().equals(now)) throw new IllegalStateException("a reply that was walked again went elsewhere");
    }

    /** Notes what full depth says of an early token: the token that it would have chosen, or the early one if that is near enough. */
    int judge(Logits logits, EarlyToken early, int chosen) {
        drift = drift.plus(
                chosen == early.chosen(),
                logits.natsBelowBest(early.chosen(), model.tokens().usable()));
        boolean forgiven = refresh() instanceof Refresh.RedoUnless(var tolerance)
                && nearness.isNear(tolerance, logits, early.token(), chosen);
        return forgiven ? early.token() : chosen;
    }

    /** {@link DraftChoices#confirmed}. */
    void confirmed(List<EarlyToken> drafts, int right, boolean ended, Modality own) {
        choices.confirmed(drafts, right, ended, own);
    }
}
