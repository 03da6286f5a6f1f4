package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.exit.Exit;
import sparrow.engine.exit.Logits;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.engine.interleave.Modality;
import sparrow.engine.sample.Sampler;

/**
 * One reply on its way: its prompt is prefilled, then it climbs the layers once for every token. Admitted to a
 * {@link Decoder}, which drives it.
 */
public final class Generation {
    private final LanguageModel model;
    private final Request request;
    private final GenerationConfig config;
    private final InterleaveTracker tracker;
    private final DepthCycle cycle;
    private final Sampler sampler;
    private final List<Step> steps = new ArrayList<>();
    private int prefilled;
    private int last;
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
    Generation(LanguageModel model, Request request, GenerationConfig config) {
        config.plan().check(model.layers(), model.heads().layers());
        int added = request.prompt().length - request.held();
        if (added >= request.sequence().room()) {
            throw new IllegalArgumentException(
                    "prompt: " + added + " tokens do not fit the context, which has room for "
                            + request.sequence().room());
        }
        for (int token : request.prompt()) model.transformer().checkToken(token);
        for (int token : request.forced()) model.transformer().checkToken(token);
        request.sequence().beginReply(model.transformer());
        this.model = model;
        this.request = request;
        this.config = config;
        this.prefilled = request.held();
        this.tracker = new InterleaveTracker(
                model.interleave(), model.tokens(), request.prompt()[request.prompt().length - 1]);
        this.cycle = new DepthCycle(config.plan());
        this.sampler = new Sampler(
                config.sampling().stream(request.stream()),
                model.tokens().usable(),
                request.sequence().ids());
        for (int token : request.prompt()) sampler.observe(token);
    }

    /** The sequence that is continued. */
    public Sequence sequence() {
        return request.sequence();
    }

    /** Whether the prompt is through all layers, so that tokens are decided. */
    public boolean isPrefilled() {
        return prefilled == request.prompt().length;
    }

    /** Positions of the prompt that are still to be carried through the layers. */
    public int promptLeft() {
        return request.prompt().length - prefilled;
    }

    /** Place of the next token in the cycle of text and speech, from 0. */
    public int cyclePlace() {
        int before =
                tracker.modality() == Modality.TEXT ? 0 : model.interleave().textTokens();
        return before + tracker.chunkPosition() - 1;
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
        return new Reply(steps, stop);
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
        int end = Math.min(request.prompt().length, prefilled + most);
        int count = end - prefilled;
        for (; prefilled < end; prefilled++) sequence().append(request.prompt(), request.embeddings(), prefilled);
        return count;
    }

    /** Feeds the token decided last, whose position decides the next one. The first is decided by the prompt's last position. */
    void feed() {
        // A step that an exception ended goes on where it was.
        if (exits != null) return;
        if (steps.isEmpty()) {
            exits = List.of(Exit.always(model.layers()));
        } else {
            sequence().append(last);
            exits = config.plan().exits(tracker.modality(), tracker.chunkPosition(), model.layers());
        }
        passed = 0;
        entropy = Double.NaN;
    }

    /** What the position that decides next may do in a pass of one depth. */
    DepthCycle.Choice choice() {
        return steps.isEmpty() ? new DepthCycle.Choice.Full() : cycle.next(tracker.modality(), tracker.chunkPosition());
    }

    /** Sets the only exit of the position that decides next. */
    void exitAt(int layer) {
        if (passed == 0) exits = List.of(Exit.always(layer));
    }

    /** The exit that the position comes to next; null once its token is decided. */
    Exit exit() {
        return exits == null ? null : exits.get(passed);
    }

    /** Whether only speech, and what ends it, may be chosen at full depth. */
    boolean wantsSpeechLogits() {
        return config.speechLogits() == SpeechLogits.SPEECH && tracker.modality() == Modality.SPEECH;
    }

    SkippedKv skippedKv() {
        return config.plan().skippedKv();
    }

    /** At an exit: leaves with a token of its head, or is too unsure and climbs on. */
    void leaveOrClimbOn(Logits logits) {
        if (exit().isConditional()) {
            entropy = logits.entropy();
            if (!(entropy < exit().belowNats())) {
                passed++;
                return;
            }
        }
        decide(logits);
    }

    private void decide(Logits logits) {
        int chosen = sampler.choose(logits, sequence().length() - 1);
        last = steps.size() < request.forced().length ? request.forced()[steps.size()] : chosen;
        sampler.observe(last);
        long now = System.nanoTime();
        Step step = new Step(chosen, tracker.modality(), tracker.chunkPosition(), exit().layer(), entropy, now - since);
        since = now;
        steps.add(step);
        cycle.decided(exit().layer() < model.layers());
        exits = null;
        tracker.accept(last);
        StopReason reason = stopAfter(last);
        if (reason != null) end(reason);
    }

    /** Tells the listener of the token decided last. */
    void tell() {
        request.listener().accept(steps.getLast());
    }

    private StopReason stopAfter(int token) {
        if (model.tokens().isEnd(token)) return StopReason.END_TOKEN;
        if (steps.size() >= config.limits().newTokens()) return StopReason.NEW_TOKENS;
        if (tracker.speechTail() >= config.limits().speechTail()) return StopReason.SPEECH_TAIL;
        if (sequence().room() < 1) return StopReason.CONTEXT_FULL;
        if (Thread.currentThread().isInterrupted()) return StopReason.INTERRUPTED;
        return null;
    }

    /** Ends the reply. What was decided last has not been fed, and belongs to the sequence unless it is an end token. */
    void end(StopReason reason) {
        if (stop != null) return;
        stop = reason;
        boolean unfed = !steps.isEmpty() && exits == null;
        if (unfed && reason != StopReason.END_TOKEN) sequence().addUnfed(last);
        sequence().endReply();
    }
}
