package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import sparrow.engine.exit.Depth;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.Logits;
import sparrow.engine.exit.Modality;
import sparrow.engine.exit.PendingRows;

/** The state of one reply while it is decoded. */
final class Generation {
    private final LanguageModel model;
    private final Request request;
    private final Limits limits;
    private final InterleaveTracker tracker;
    private final Sampler sampler;
    private final List<Step> steps = new ArrayList<>();
    private StopReason stop;
    private int last;
    private double entropy;
    private long since = System.nanoTime();

    Generation(LanguageModel model, Request request, Sampling sampling, Limits limits) {
        int added = request.prompt().length - request.held();
        if (added >= request.sequence().room()) {
            throw new IllegalArgumentException(
                    "prompt: " + added + " tokens do not fit the context, which has room for "
                            + request.sequence().room());
        }
        this.model = model;
        this.request = request;
        this.limits = limits;
        this.tracker = new InterleaveTracker(
                model.interleave(), model.tokens(), request.prompt()[request.prompt().length - 1]);
        this.sampler = new Sampler(
                sampling.stream(request.stream()),
                model.tokens().usable(),
                request.sequence().tokens());
        for (int token : request.prompt()) {
            model.transformer().checkToken(token);
            sampler.observe(token);
        }
    }

    PendingRows rows() {
        return request.sequence().rows();
    }

    boolean ended() {
        return stop != null;
    }

    Reply reply() {
        return new Reply(steps, stop);
    }

    /** The modality that the next token is expected to have. */
    Modality modality() {
        return tracker.modality();
    }

    /** How deep the position that decides the next token runs. */
    Depth depth(ExitPlan plan) {
        return plan.depth(tracker.modality(), tracker.chunkPosition());
    }

    /** Carries what is new of the prompt through all layers. */
    void prefill() {
        request.sequence().prefill(request.prompt(), request.replaced(), request.held(), request.listener());
    }

    /** The layers whose hidden states somebody wants. */
    SortedSet<Integer> watched() {
        return request.listener().watched();
    }

    /** Shows the newest position's state where somebody wants it: it has just gone through a layer. */
    void reached(int layer) {
        if (watched().contains(layer)) request.listener().state(layer, rows().newest());
    }

    /** Feeds the token decided last. */
    void feedLast() {
        request.sequence().append(last);
    }

    /** Notes the entropy at which the confidence rule sent this position on. */
    void unsure(double entropy) {
        this.entropy = entropy;
    }

    double entropy() {
        return entropy;
    }

    /** Chooses a token from the logits of a layer's head and tells the listener. */
    void decide(Logits logits, int layer, double entropy) {
        int chosen = sampler.choose(logits);
        last = steps.size() < request.forced().length ? request.forced()[steps.size()] : chosen;
        sampler.observe(last);
        long now = System.nanoTime();
        Step step = new Step(chosen, tracker.modality(), tracker.chunkPosition(), layer, entropy, now - since);
        since = now;
        steps.add(step);
        tracker.accept(last);
        stop = stopAfter(last);
        if (stop != null && stop != StopReason.END_TOKEN) request.sequence().remember(last);
        request.listener().accept(step);
    }

    private StopReason stopAfter(int token) {
        if (model.tokens().isEnd(token)) return StopReason.END_TOKEN;
        if (steps.size() >= limits.newTokens()) return StopReason.NEW_TOKENS;
        if (tracker.speechTail() >= limits.speechTail()) return StopReason.SPEECH_TAIL;
        if (request.sequence().room() < 1) return StopReason.CONTEXT_FULL;
        if (Thread.currentThread().isInterrupted()) return StopReason.INTERRUPTED;
        return null;
    }
}
