package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.engine.exit.Exit;
import sparrow.engine.exit.Logits;
import sparrow.engine.exit.Refresh;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.engine.interleave.Modality;
import sparrow.engine.sample.Sampler;

/**
 * One reply on its way: its prompt is prefilled, then it climbs the layers once for every token. Admitted to a
 * {@link Decoder}, which drives it.
 *
 * <p>Where early tokens are drafts ({@link Refresh#REDO}), they are fed as they come and told to nobody. The next position of
 * full depth decides all of them again: the right ones are steps of the reply then, and from the first wrong one on, what was
 * fed is taken back.
 */
public final class Generation {
    private final LanguageModel model;
    private final Request request;
    private final GenerationConfig config;
    private final PromptFeed prompt;
    private final ForcedTokens forced;
    private final Course course;
    private final DepthCycle cycle;
    private final Drafting drafting;
    private final RunawayGuard guard;
    private final EffortCount effort = new EffortCount();
    private final List<Step> steps = new ArrayList<>();
    private int told;
    private StopReason stop;
    private long since = System.nanoTime();

    /** The exits of the position that decides next; null while its token is decided and not fed. */
    private List<Exit> exits;

    /** How many of them it was too unsure to take. */
    private int passed;

    private double entropy;

    /**
     * @throws IllegalArgumentException if plan or sequence do not suit the model, the prompt or the forced ids hold an
     *     unknown one, or the prompt does not fit the context
     * @throws IllegalStateException if the sequence has another reply under way
     */
    Generation(LanguageModel model, Request request, GenerationConfig config, Nearness nearness) {
        config.plan().check(model.layers(), model.heads());
        int added = request.prompt().length - request.held();
        if (added >= request.sequence().room()) {
            throw new IllegalArgumentException(
                    "prompt: " + added + " tokens do not fit the context, which has room for "
                            + request.sequence().room());
        }
        for (int token : request.prompt()) model.transformer().checkToken(token);
        for (int token : request.forced()) model.transformer().checkToken(token);
        // May measure what rows cost, before the sequence is taken.
        Course course = course(model, request, config);
        this.drafting = new Drafting(model, config, request.sequence(), course, nearness);
        request.sequence().beginReply(model.transformer());
        this.model = model;
        this.request = request;
        this.config = config;
        this.prompt = new PromptFeed(request);
        this.forced = new ForcedTokens(request, model.tokens());
        this.course = course;
        this.cycle = new DepthCycle(config.plan());
        this.guard = new RunawayGuard(config.limits().guard(), model);
    }

    private static Course course(LanguageModel model, Request request, GenerationConfig config) {
        Sampler sampler = new Sampler(
                config.sampling().stream(request.stream()),
                model.tokens().usable(),
                request.sequence().ids());
        for (int token : request.prompt()) sampler.observe(token);
        int asked = request.prompt()[request.prompt().length - 1];
        return new Course(new InterleaveTracker(model.interleave(), model.tokens(), asked), sampler);
    }

    /** The sequence that is continued. */
    public Sequence sequence() {
        return request.sequence();
    }

    /** Whether the prompt is through all layers, so that tokens are decided. */
    public boolean isPrefilled() {
        return prompt.left() == 0;
    }

    /** Positions of the prompt that are still to be carried through the layers. */
    public int promptLeft() {
        return prompt.left();
    }

    /** Place of the next token in the cycle of text and speech, from 0. */
    public int cyclePlace() {
        int before = course.modality() == Modality.TEXT ? 0 : model.interleave().textTokens();
        return before + course.chunkPosition() - 1;
    }

    /** Whether the reply has ended. */
    public boolean hasEnded() {
        return stop != null;
    }

    /** Tokens decided so far. */
    public int steps() {
        return steps.size();
    }

    /** The token decided last. */
    Step latest() {
        return steps.getLast();
    }

    /**
     * The reply.
     *
     * @throws IllegalStateException if it has not ended
     */
    public Reply reply() {
        if (stop == null) throw new IllegalStateException("the reply is still under way; expected it to have ended");
        return new Reply(steps, stop, guard.found(), effort.effort(), drafting.drift());
    }

    /**
     * Carries the next positions of the prompt, and what was pending before them, through all layers. No head is asked.
     *
     * @param most positions, at least one
     * @return how many there were
     */
    int prefill(int most) {
        int count = feedPrompt(most);
        sequence().carry();
        return count;
    }

    /** Appends the next positions of the prompt, which a pass is to carry then. */
    int feedPrompt(int most) {
        return prompt.feed(most);
    }

    /** Whether a token was decided that has not been fed. */
    boolean hasUnfedToken() {
        return !steps.isEmpty() && exits == null;
    }

    /** Feeds the token that came last, whose position decides the next one. The first is decided by the prompt's last position. */
    void feed() {
        // A step that an exception ended goes on where it was.
        if (exits != null) return;
        if (steps.isEmpty()) {
            exits = List.of(Exit.always(model.layers()));
            // Its layers ran with the prompt.
            carried(model.layers());
        } else {
            sequence().append(course.last());
            exits = guard.hasRetried()
                            || drafting.isOver(steps.size(), sequence().room())
                    ? List.of(Exit.always(model.layers()))
                    : drafting.policy(course.modality()).exits(course.chunkPosition(), model.layers());
        }
        passed = 0;
        entropy = Double.NaN;
    }

    /** Whether the step head is to draft a token behind what is fed. */
    boolean wantsStepDraft() {
        return drafting.wantsStepDraft(steps.size(), sequence().room());
    }

    float[] stepState() {
        return drafting.stepState();
    }

    /** The token of the newest position. */
    int fed() {
        return course.last();
    }

    /** What the newest position is expected to decide. */
    Modality expects() {
        return course.modality();
    }

    /** Takes a step head's draft, which is fed at once. */
    void draftStep(float[] state, Logits logits) {
        drafting.stepFrom(state);
        draft(choose(logits, 0), false);
        sequence().append(course.last());
    }

    /** What the position that decides next may do in a pass of one depth. */
    DepthCycle.Choice choice() {
        if (drafting.refresh().redoes() || guard.hasRetried()) return new DepthCycle.Choice.Own();
        return steps.isEmpty() ? new DepthCycle.Choice.Full() : cycle.next(course.modality(), course.chunkPosition());
    }

    /** Sets the only exit of the position that decides next. */
    void exitAt(int layer) {
        if (passed == 0) exits = List.of(Exit.always(layer));
    }

    /** The exit that the position comes to next; null once its token is decided. */
    Exit exit() {
        return exits == null ? null : exits.get(passed);
    }

    SkippedKv skippedKv() {
        return config.plan().skippedKv();
    }

    /** Notes layers that positions go through. */
    void carried(long rowLayers) {
        effort.rowLayers(course.modality(), rowLayers);
    }

    /** The positions that the head of the next exit is asked about: the newest, and at full depth early ones before it. */
    List<HeadRow> rows() {
        EarlyTokens early = drafting.early();
        if (!isFull() || early.isEmpty()) return List.of(new HeadRow(sequence().newest(), wantsSpeechLogits()));
        return early.rows(sequence().newest(early.count() + 1), wantsSpeechLogits());
    }

    private boolean isFull() {
        return exit().layer() == model.layers();
    }

    private boolean wantsSpeechLogits() {
        return config.speechLogits() == SpeechLogits.SPEECH && course.modality() == Modality.SPEECH;
    }

    /** At an exit: leaves with a token of its head, or is too unsure and climbs on. */
    void leaveOrClimbOn(List<Logits> logits) {
        Logits newest = logits.getLast();
        if (exit().isConditional()) {
            entropy = newest.entropy();
            if (!(entropy < exit().belowNats())) {
                passed++;
                return;
            }
        }
        effort.pass(course.modality(), exit().layer());
        if (!drafting.refresh().redoes()) decide(logits);
        else if (isFull()) confirm(logits);
        else draftEarly(newest);
    }

    /** The newest position's token is a step; at full depth, those before it that left early are checked. */
    private void decide(List<Logits> logits) {
        if (isFull()) drafting.check(logits, sequence().length() - 1);
        int chosen = choose(logits.getLast(), 0);
        int token = forced.token(steps.size(), chosen);
        boolean leavesEarly = !isFull();
        if (leavesEarly && drafting.refresh().asks()) {
            drafting.add(chosen, token, exit().layer(), wantsSpeechLogits());
        }
        cycle.decided(leavesEarly);
        accept(chosen, token, exit().layer(), 0);
        exits = null;
        StopReason reason = stopReason(0);
        if (reason == StopReason.RUNAWAY && goesBack()) return;
        if (reason != null) end(reason);
    }

    /** Takes a runaway reply back to before its first copy, if it can be, so that full depth goes on from there. */
    private boolean goesBack() {
        RunawayGuard.Border border = guard.retreat(steps).orElse(null);
        if (border == null || skippedKv() != SkippedKv.FILL) return false;
        int kept = border.step();
        int[] list = sequence().tokens();
        int begin = sequence().length() - (steps.size() - 1);
        int[] heard = Arrays.copyOfRange(list, begin + kept, begin + Math.max(kept, told));
        if (heard.length > 0 && !request.listener().takeBack(heard)) return false;
        guard.startAnew(Arrays.copyOfRange(list, begin, begin + kept));
        // The last token that stays is fed anew, for its position decides the next one.
        sequence().takeBack(begin + kept - 1);
        course.rollBack(border.before());
        drafting.early().drain();
        forced.end();
        steps.subList(kept, steps.size()).clear();
        told = Math.min(told, kept);
        return true;
    }

    /** A token, chosen by a position so many before the newest. */
    private int choose(Logits logits, int before) {
        return course.choose(logits, sequence().length() - 1 - before);
    }

    private void accept(int chosen, int token, int exitLayer, int draftLayer) {
        long now = System.nanoTime();
        steps.add(new Step(
                chosen, course.modality(), course.chunkPosition(), exitLayer, draftLayer, entropy, now - since));
        since = now;
        if (course.chunkPosition() == 1) guard.border(steps.size() - 1, course);
        course.accept(token);
    }

    /** The newest position's token is a draft. */
    private void draftEarly(Logits logits) {
        draft(choose(logits, 0), drafting.isUnsure(logits));
        exits = null;
        if (Thread.currentThread().isInterrupted()) end(StopReason.INTERRUPTED);
    }

    private void draft(int chosen, boolean last) {
        int before = drafting.early().count();
        int token = forced.draft(steps.size() + before, before + 1, chosen);
        effort.drafted(course.modality());
        drafting.draft(chosen, token, exit().layer(), wantsSpeechLogits(), last);
    }

    /**
     * Full depth decides all tokens since the last position that it decided. Drafts that it would have chosen too are steps; the first
     * one that it would not is replaced, and what was fed from there on is taken back.
     */
    private void confirm(List<Logits> logits) {
        Modality decides = course.modality();
        List<EarlyToken> drafts = drafting.takeBack();
        for (int i = 0; i <= drafts.size(); i++) {
            int behind = drafts.size() - i;
            EarlyToken draft = behind == 0 ? null : drafts.get(i);
            int chosen = choose(logits.get(i), behind);
            if (draft != null) chosen = drafting.judge(logits.get(i), draft, chosen);
            int token = forced.token(steps.size(), chosen);
            boolean stays = draft != null && draft.token() == token;
            if (stays) effort.confirmed(draft.modality());
            accept(chosen, token, model.layers(), stays ? draft.layer() : 0);
            StopReason reason = stopReason(behind);
            if (stays && reason == null) continue;
            drafting.confirmed(drafts, stays ? i + 1 : i, reason != null, decides);
            if (drafting.looksAhead()) {
                drafting.stepFrom(sequence().newest(behind + 1).getFirst().read());
            }
            if (behind > 0) sequence().takeBack(sequence().length() - behind);
            exits = null;
            if (reason != null) end(reason);
            return;
        }
    }

    /** Tells the listener of the tokens that it has not been told of. */
    void tell() {
        while (told < steps.size()) request.listener().accept(steps.get(told++));
    }

    /**
     * What ends the reply with the token accepted last; null if it goes on.
     *
     * @param drafts positions that were fed behind the one that decided it
     */
    private StopReason stopReason(int drafts) {
        if (model.tokens().isEnd(course.last())) return StopReason.END_TOKEN;
        if (guard.hasRunAway(course.last(), course.speechTail() > 0)) return StopReason.RUNAWAY;
        if (steps.size() >= config.limits().newTokens()) return StopReason.NEW_TOKENS;
        if (course.speechTail() >= config.limits().speechTail()) return StopReason.SPEECH_TAIL;
        if (sequence().room() + drafts < 1) return StopReason.CONTEXT_FULL;
        if (Thread.currentThread().isInterrupted()) return StopReason.INTERRUPTED;
        return null;
    }

    /**
     * Ends the reply; drafts that nobody has confirmed are taken back. What was decided last has not been fed, and belongs to
     * the sequence unless it is an end token.
     */
    void end(StopReason reason) {
        if (stop != null) return;
        stop = reason;
        boolean unfed = hasUnfedToken();
        if (drafting.refresh().redoes() && !drafting.early().isEmpty()) {
            takeBackDrafts();
            unfed = true;
        }
        if (unfed && reason != StopReason.END_TOKEN) sequence().addUnfed(course.last());
        sequence().endReply();
    }

    private void takeBackDrafts() {
        // The token before the drafts was fed, each draft behind it too, the last one only if it is climbing.
        int fed = drafting.early().count() + (exits == null ? 0 : 1);
        drafting.takeBack();
        exits = null;
        sequence().takeBack(sequence().length() - fed);
    }
}
