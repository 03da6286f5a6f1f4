package sparrow.models.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.Generation;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.PromptPiece;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.device.LostDeviceException;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.reply.Step;
import sparrow.engine.transformer.Transformer;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatPrompt;
import sparrow.models.chat.Window;

/**
 * The scheduler of a batch. It decides which replies wait, which are admitted, and what the next pass computes. Any
 * thread may add commands; all other work is done in {@link #turn}, on the model's thread.
 */
final class Scheduler {
    /** Time for which the thread sleeps while no listener is ready. */
    private static final long HELD_NANOS = 10_000_000;

    private final SpokenModel model;
    private final PoolOptions options;
    private final PoolObserver observer;
    private final LongSupplier clock;
    private final VocoderPool vocoders;
    private final Decoder decoder;
    private final CostModel cost = new CostModel();
    private final BatchPlanner planner;
    private final KvMemory memory;
    private final double tokensPerSecond;

    private final ModelThreadQueue commands = new ModelThreadQueue();
    private final AtomicInteger queued = new AtomicInteger();
    private volatile ConversationPool.Status status;
    private volatile IllegalStateException failure;

    // The following fields are used only by the model's thread.
    private final Deque<PooledRequest> waiting = new ArrayDeque<>();
    private final List<PooledRequest> active = new ArrayList<>();
    private final List<EarlyPrompt> earlyPrompts = new ArrayList<>();

    /** Number of units in this pass that were selected at full depth. */
    private int full;

    /** A prompt that is prefilled while its question is still being spoken. */
    private record EarlyPrompt(KvSlot slot, Generation generation) {}

    Scheduler(SpokenModel model, PoolOptions options, PoolObserver observer, LongSupplier clock, VocoderPool vocoders) {
        this.model = model;
        this.options = options;
        this.observer = observer;
        this.clock = clock;
        this.vocoders = vocoders;
        this.decoder = StrategyFactory.decoder(
                model.languageModel(), new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(1)));
        this.planner = new BatchPlanner(cost, options.passTarget().toNanos(), Transformer.PASS_POSITIONS);
        this.memory = new KvMemory(model.languageModel().transformer(), options.kvBytes(), this::evict);
        InterleaveFormat format = model.languageModel().interleave();
        this.tokensPerSecond =
                model.speechUnitsPerSecond() * (format.textTokens() + format.speechTokens()) / format.speechTokens();
        publish();
    }

    // Commands, which any thread may call.

    KvSlot open() {
        requireOpen();
        KvSlot slot = new KvSlot(this);
        commands.add(() -> memory.add(slot));
        return slot;
    }

    SpokenModel model() {
        return model;
    }

    /**
     * Creates a request that can be submitted, with the prompt for a complete chat history. The task is the model
     * itself, or its view for transcription or reading aloud.
     */
    PooledRequest request(SpokenModel task, KvSlot slot, ChatHistory chat, ReplyOptions how, ReplyListener listener) {
        requireAnswerable(task, how);
        return request(task, slot, Window.Fitting.complete(task, chat), how, listener);
    }

    /** Creates a request that can be submitted, for a chat history whose prompt exists already. */
    PooledRequest request(
            SpokenModel task, KvSlot slot, Window.Fitting chat, ReplyOptions how, ReplyListener listener) {
        requireAnswerable(task, how);
        int context = context();
        if (chat.length() >= context) {
            throw new IllegalArgumentException("prompt: " + chat.length()
                    + " tokens do not fit into the context, which has room for " + (context - 1));
        }
        PooledRequest request = new PooledRequest(this, task, slot, chat, how, listener);
        memory.requireFit(request.positions(context));
        return request;
    }

    private void requireAnswerable(SpokenModel task, ReplyOptions how) {
        requireOpen();
        if (task.languageModel().transformer() != model.languageModel().transformer()) {
            throw new IllegalArgumentException("task: expected one of " + model.name() + ", got one of " + task.name());
        }
        task.languageModel().check(how.config().plan());
    }

    /** Returns the time of the scheduler's clock in nanoseconds. */
    long now() {
        return clock.getAsLong();
    }

    VocoderPool vocoders() {
        return vocoders;
    }

    /** Releases the place of a reply that is over. */
    void left() {
        queued.decrementAndGet();
    }

    /** Wakes the model's thread. */
    void wake() {
        commands.wake();
    }

    private int context() {
        return model.languageModel().transformer().config().contextLength();
    }

    void submit(PooledRequest request) {
        requireOpen();
        int before = queued.getAndIncrement();
        if (isFull(before)) {
            queued.decrementAndGet();
            throw new PoolFullException(before);
        }
        if (commands.add(() -> waiting.add(request))) return;
        queued.decrementAndGet();
        throw closed();
    }

    /** Returns whether no more replies may wait. */
    boolean isFull() {
        return isFull(queued.get());
    }

    private boolean isFull(int replies) {
        return replies - maxReplies() >= options.queue();
    }

    /**
     * Returns the maximum number of replies decoded at once: the configured number, or the number that the machine can
     * decode in real time.
     */
    private int maxReplies() {
        return options.maxActive() > 0 ? options.maxActive() : cost.realTimeReplies(tokensPerSecond);
    }

    void prefillEarly(KvSlot slot, ChatHistory chat) {
        requireOpen();
        // A prompt that does not fit into the context waits until the question is asked, because asking it truncates
        // the conversation.
        ChatPrompt.stablePrefix(model, chat)
                .filter(prompt -> prompt.ids().length < context())
                .ifPresent(prompt -> commands.add(() -> prefillEarly(slot, prompt)));
    }

    void close(KvSlot slot) {
        commands.add(() -> {
            stopEarly(slot);
            active.stream().filter(request -> request.slot() == slot).forEach(PooledRequest::cancel);
            memory.remove(slot);
        });
    }

    private void requireOpen() {
        if (commands.isClosed()) throw closed();
    }

    private IllegalStateException closed() {
        return new IllegalStateException(failure().orElse("the pool is closed"));
    }

    /** Returns a one-line description of the failure that stopped the scheduler, or empty if there was none. */
    Optional<String> failure() {
        return Optional.ofNullable(failure).map(IllegalStateException::getMessage);
    }

    ConversationPool.Status status() {
        return status;
    }

    // Methods of the model's thread.

    /**
     * Uses the calling thread as the model's thread until a condition is met. Commands that were added earlier wait for
     * this call.
     *
     * @param done the condition, which is tested after each turn
     * @throws RuntimeException if a device is lost or a defect is detected; all replies have then failed, and no more
     *     commands are accepted
     */
    void runUntil(BooleanSupplier done) {
        Thread here = Thread.currentThread();
        boolean interrupted = false;
        commands.onWork(() -> LockSupport.unpark(here));
        try {
            while (true) {
                Outcome outcome = turn();
                if (done.getAsBoolean()) return;
                // An interrupted thread does not sleep, but it must wait for the last events anyway.
                if (outcome == Outcome.IDLE) interrupted |= Thread.interrupted();
                switch (outcome) {
                    case PASSED -> {}
                    case HELD -> LockSupport.parkNanos(this, HELD_NANOS);
                    case IDLE -> {
                        if (!hasCommands()) LockSupport.park(this);
                    }
                }
            }
        } catch (RuntimeException | Error e) {
            breakDown(e);
            throw e;
        } finally {
            if (interrupted) here.interrupt();
        }
    }

    /** Returns whether no early prompt is waiting. */
    boolean hasPrefilledEarly() {
        return earlyPrompts.isEmpty();
    }

    /** The outcome of a turn. */
    enum Outcome {
        /** A pass was computed. */
        PASSED,
        /** There is nothing to do until the next command. */
        IDLE,
        /** Replies are active, but no listener is ready. */
        HELD
    }

    /** Runs commands, drops replies that are over, admits waiting replies, and computes one pass. */
    Outcome turn() {
        commands.run();
        for (PooledRequest request : active) request.limitHold(clock.getAsLong());
        drop();
        boolean isSpeechHeld = vocoders.resume();
        admit();
        BatchPlanner.Plan<PooledRequest> plan = planner.plan(candidates(), maxReplies(), clock.getAsLong());
        boolean spare = plan.prompts().isEmpty() && plan.room() > 0;
        Optional<EarlyPrompt> early = spare ? earlyPrompts.stream().findFirst() : Optional.empty();
        if (plan.isEmpty() && early.isEmpty()) {
            publish();
            if (isSpeechHeld || !active.stream().allMatch(PooledRequest::isDecoded)) return Outcome.HELD;
            assert waiting.isEmpty() && memory.isIdle()
                    : "waiting replies: " + waiting.size() + ", reserved bytes: " + memory.reserved() + ", idle bytes: "
                            + memory.idle();
            return Outcome.IDLE;
        }
        pass(plan, early);
        drop();
        publish();
        return Outcome.PASSED;
    }

    private void drop() {
        for (PooledRequest request : List.copyOf(waiting)) {
            if (!request.isCancelled() && !request.isOver()) continue;
            waiting.remove(request);
            request.complete();
        }
        for (PooledRequest request : List.copyOf(active)) {
            if (!request.isDecoded()) {
                if (request.isCancelled() || request.isOver()) decoder.cancel(request.generation());
                if (request.generation().hasEnded()) endDecoding(request);
            } else if (request.isCancelled()) {
                request.complete();
            }
            if (request.isOver()) active.remove(request);
        }
    }

    private void endDecoding(PooledRequest request) {
        request.slot().use(clock.getAsLong());
        memory.release(request);
        // Free the memory before notifying the listener.
        publish();
        request.decodingEnded(clock.getAsLong());
    }

    private List<BatchPlanner.Candidate<PooledRequest>> candidates() {
        return active.stream()
                .filter(request -> !request.isDecoded())
                .map(request -> new BatchPlanner.Candidate<>(
                        request,
                        request.generation().promptLeft(),
                        request.deadline(),
                        request.isReady(),
                        request.firstAudioAt() != 0))
                .toList();
    }

    /** Admits replies in the order of their arrival. A reply that must wait for memory keeps its place. */
    private void admit() {
        while (!waiting.isEmpty() && decoding() < maxReplies()) {
            PooledRequest request = waiting.peek();
            stopEarly(request.slot());
            Optional<KvSlot> slot = memory.reserve(request, this);
            if (slot.isEmpty()) break;
            request.use(slot.get());
            // The request remains in the queue until it has begun. If an error ends the thread, its listener is then
            // notified with the other listeners.
            begin(request);
            waiting.poll();
        }
    }

    private int decoding() {
        return (int) active.stream().filter(request -> !request.isDecoded()).count();
    }

    private void begin(PooledRequest request) {
        try {
            boolean exact = request.options().config().plan().skippedKv() == SkippedKv.FILL;
            int evicted = request.eviction()
                    .filter(_ ->
                            request.slot().sequence() != null && request.slot().isCuttable())
                    .map(eviction -> eviction.apply(request.slot().sequence(), request.prompt()))
                    .orElse(0);
            Request continuation = continuation(request.slot(), request.prompt(), exact)
                    .withForced(request.options().forced())
                    .withProbabilities(model.hasConfidence())
                    .withListener(step -> decided(request, step));
            Generation generation =
                    decoder.admit(continuation, request.options().config(), request.languageModel());
            active.add(request);
            request.begin(generation, continuation.held(), evicted, clock.getAsLong());
        } catch (LostDeviceException e) {
            throw e;
        } catch (RuntimeException e) {
            memory.release(request);
            request.fail(e);
        }
    }

    /**
     * Returns a request that continues the longest prefix in the slot, or otherwise the prefix that all conversations
     * share.
     */
    private Request continuation(KvSlot slot, ChatPrompt prompt, boolean exact) {
        Sequence held = slot.sequence();
        int common = held == null ? 0 : held.commonPrefix(prompt.ids(), prompt.embeddings());
        boolean useful = held != null && common >= prompt.shared() && (slot.isCuttable() || common == held.length());
        Sequence sequence = useful ? held : beginning(prompt);
        boolean cuttable = exact && (!useful || slot.isCuttable());
        slot.hold(sequence, cuttable, clock.getAsLong());
        return Request.onCommonPrefix(sequence, prompt.ids(), prompt.embeddings());
    }

    private Sequence beginning(ChatPrompt prompt) {
        // A long system turn is prefilled in pieces like any other prompt.
        if (prompt.shared() == 0 || prompt.shared() > Transformer.PASS_POSITIONS) {
            return new Sequence(model.languageModel());
        }
        return model.begin(new Prompt(prompt.ids(), prompt.shared(), 0, 0));
    }

    private void prefillEarly(KvSlot slot, ChatPrompt prompt) {
        stopEarly(slot);
        boolean busy = active.stream().anyMatch(request -> request.slot() == slot && !request.isDecoded());
        if (busy || !memory.holds(slot) || !memory.prefillEarly(slot, prompt.ids().length)) return;
        try {
            earlyPrompts.add(new EarlyPrompt(slot, decoder.admit(continuation(slot, prompt, true))));
        } catch (RuntimeException e) {
            // The failure, which may be a lost device, will recur when the prompt is requested. Its listener will then
            // be notified.
            memory.endEarly(slot);
            slot.empty();
        }
    }

    private void stopEarly(KvSlot slot) {
        earlyPrompts.removeIf(early -> {
            if (early.slot() != slot) return false;
            decoder.cancel(early.generation());
            memory.endEarly(slot);
            return true;
        });
    }

    private void evict(KvSlot slot) {
        stopEarly(slot);
        observer.evicted(slot.bytes());
    }

    private void decided(PooledRequest request, Step step) {
        if (step.exitLayer() == model.languageModel().layers()) full++;
        request.decided(step, clock.getAsLong());
    }

    private void pass(BatchPlanner.Plan<PooledRequest> plan, Optional<EarlyPrompt> early) {
        List<PromptPiece> prompts = new ArrayList<>();
        for (BatchPlanner.Piece<PooledRequest> piece : plan.prompts()) {
            prompts.add(new PromptPiece(piece.reply().generation(), piece.positions()));
        }
        early.map(EarlyPrompt::generation)
                .ifPresent(prompt -> prompts.add(new PromptPiece(prompt, Math.min(plan.room(), prompt.promptLeft()))));
        int positions = prompts.stream().mapToInt(PromptPiece::positions).sum();
        full = 0;
        long start = System.nanoTime();
        try {
            decoder.step(plan.deciding().stream().map(PooledRequest::generation).toList(), prompts);
        } catch (LostDeviceException e) {
            // The device is lost, so all other replies fail as well.
            throw e;
        } catch (RuntimeException e) {
            // Weights are damaged or no longer available, so no result of this pass can be trusted.
            fail(e);
            return;
        }
        long nanos = System.nanoTime() - start;
        // Listeners are notified of drafts later, by the pass that accepts them.
        boolean upperLayersUnread = positions == 0 && full == 0;
        if (!upperLayersUnread) cost.observe(plan.deciding().size() + positions, nanos);
        observer.pass(new PoolObserver.Pass(plan.deciding().size(), positions, upperLayersUnread, nanos));
        early.filter(prompt -> prompt.generation().isPrefilled()).ifPresent(done -> stopEarly(done.slot()));
    }

    private void fail(RuntimeException failure) {
        for (EarlyPrompt early : List.copyOf(earlyPrompts)) {
            stopEarly(early.slot());
            memory.empty(early.slot());
        }
        for (PooledRequest request : active) {
            if (!request.isDecoded()) {
                request.fail(failure);
                decoder.cancel(request.generation());
                endDecoding(request);
                memory.empty(request.slot());
            }
        }
    }

    private void publish() {
        status = new ConversationPool.Status(
                active.size(),
                waiting.size(),
                memory.slots(),
                memory.reserved(),
                memory.idle(),
                options.kvBytes(),
                vocoders.queue());
    }

    /** Cancels all replies. Listeners are notified in the last turn. */
    void shutDown() {
        commands.close(() -> {
            waiting.forEach(PooledRequest::cancel);
            active.forEach(PooledRequest::cancel);
        });
    }

    /**
     * Handles a defect or a lost device that ends the model's thread. All replies fail, and no more commands are
     * accepted.
     */
    void breakDown(Throwable cause) {
        failure = cause instanceof LostDeviceException lost
                ? lost
                : new IllegalStateException("the pool failed: " + cause, cause);
        // The replies that were submitted last are then among the waiting replies.
        commands.runLast(cause);
        waiting.forEach(request -> request.fail(failure));
        active.forEach(request -> request.fail(failure));
    }

    boolean hasCommands() {
        return !commands.isEmpty();
    }

    boolean isClosed() {
        return commands.isClosed();
    }
}
