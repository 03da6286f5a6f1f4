package sparrow.models.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.Generation;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.PromptPiece;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.Step;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.sample.Sampling;
import sparrow.engine.transformer.LostDeviceException;
import sparrow.engine.transformer.Transformer;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;

/**
 * The batch: which replies wait, which are admitted, what the next pass does. Commands come from every thread; everything else
 * happens in {@link #turn}, on one thread, that of the model.
 */
final class ReplyLoop {
    private final SpokenModel model;
    private final PoolOptions options;
    private final PoolObserver observer;
    private final LongSupplier clock;
    private final Vocoders vocoders;
    private final Decoder decoder;
    private final CostModel cost = new CostModel();
    private final PassPlanner planner;
    private final KvMemory memory;
    private final ActiveLimit limit;

    private final Commands commands = new Commands();
    private final AtomicInteger queued = new AtomicInteger();
    private volatile PoolStatus status;
    private volatile IllegalStateException failure;

    // Of the thread of the model.
    private final Deque<ReplyTask> waiting = new ArrayDeque<>();
    private final List<ReplyTask> active = new ArrayList<>();
    private final List<Expectation> expectations = new ArrayList<>();
    private int early;
    private int decided;

    /** A prompt that is prefilled while its question is still being said. */
    private record Expectation(ReplySlot slot, Generation generation) {}

    ReplyLoop(SpokenModel model, PoolOptions options, PoolObserver observer, LongSupplier clock, Vocoders vocoders) {
        this.model = model;
        this.options = options;
        this.observer = observer;
        this.clock = clock;
        this.vocoders = vocoders;
        this.decoder = new Decoder(
                model.languageModel(), new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(1)));
        this.planner = new PassPlanner(
                cost, options.passTarget().toNanos(), Transformer.PASS_POSITIONS, waiting(model, options));
        this.memory = new KvMemory(model.languageModel().transformer(), options.kvBytes(), this::evict);
        this.limit = new ActiveLimit(model, options.maxActive(), cost);
        publish();
    }

    private static PassPlanner.Waiting waiting(SpokenModel model, PoolOptions options) {
        InterleaveFormat format = model.languageModel().interleave();
        return switch (options.alignment()) {
            case STRICT, PASS -> new PassPlanner.Waiting.Never();
            case COHORT -> new PassPlanner.Waiting.ForCycle(format.textTokens(), format.speechTokens());
        };
    }

    /** What is run when there is something to do. */
    void onWork(Runnable waker) {
        commands.onWork(waker);
    }

    // Commands, from every thread.

    ReplySlot open() {
        requireOpen();
        ReplySlot slot = new ReplySlot(this);
        commands.add(() -> memory.add(slot));
        return slot;
    }

    /** A reply that is to be submitted. */
    ReplyTask task(ReplySlot slot, Dialogue dialogue, ReplyOptions how, ReplyListener listener) {
        requireOpen();
        how.config()
                .plan()
                .check(model.languageModel().layers(), model.languageModel().heads());
        Dialogue heard = dialogue.heardBy(model);
        DialoguePrompt prompt = DialoguePrompt.of(model, heard);
        int context = context();
        if (prompt.ids().length >= context) {
            throw new IllegalArgumentException("prompt: " + prompt.ids().length
                    + " tokens do not fit the context, which has room for " + (context - 1));
        }
        // What belongs to nobody may serve anybody, and so stays exact.
        Optional<Eviction> eviction = slot == null ? Optional.empty() : Eviction.of(model, heard, prompt);
        ReplyTask task = new ReplyTask(model, slot, prompt, eviction, how, listener, commands::wake, clock.getAsLong());
        memory.requireFit(task.positions(context));
        task.speakWith(vocoders);
        return task;
    }

    private int context() {
        return model.languageModel().transformer().config().contextLength();
    }

    void submit(ReplyTask task) {
        requireOpen();
        int before = queued.getAndIncrement();
        if (before >= options.queue() + limit.now()) {
            queued.decrementAndGet();
            throw new PoolFullException(before);
        }
        if (commands.add(() -> waiting.add(task))) return;
        queued.decrementAndGet();
        throw closed();
    }

    void expect(ReplySlot slot, Dialogue dialogue) {
        requireOpen();
        int lasting = DialoguePrompt.lasting(model, dialogue);
        // What does not fit the context waits until the question is asked, and something is forgotten for it.
        if (lasting < 1 || lasting >= context()) return;
        DialoguePrompt prompt = DialoguePrompt.of(model, dialogue).cut(lasting);
        commands.add(() -> expect(slot, prompt));
    }

    void close(ReplySlot slot) {
        commands.add(() -> {
            stopExpecting(slot);
            active.stream().filter(task -> task.slot() == slot).forEach(ReplyTask::cancel);
            memory.remove(slot);
        });
    }

    private void requireOpen() {
        if (commands.isClosed()) throw closed();
    }

    private IllegalStateException closed() {
        return new IllegalStateException(failure().orElse("the pool is closed"));
    }

    /** Why nothing is answered any more, in one line; empty if nothing broke down. */
    Optional<String> failure() {
        return Optional.ofNullable(failure).map(IllegalStateException::getMessage);
    }

    PoolStatus status() {
        return status;
    }

    // The thread of the model.

    /** What a turn of the loop came to. */
    enum Outcome {
        /** A pass was made. */
        PASSED,
        /** Nothing to do until a command comes. */
        IDLE,
        /** Replies are under way, but nobody wants more at the moment. */
        HELD
    }

    /** Takes commands, drops what is over, admits what fits, and makes one pass. */
    Outcome turn() {
        commands.run();
        drop();
        admit();
        PassPlanner.Plan<ReplyTask> plan = planner.plan(candidates(), limit.now(), clock.getAsLong());
        boolean expecting = plan.prompts().isEmpty() && plan.room() > 0 && !expectations.isEmpty();
        if (plan.isEmpty() && !expecting) {
            publish();
            return active.stream().allMatch(ReplyTask::isDecoded) ? Outcome.IDLE : Outcome.HELD;
        }
        pass(plan, expecting ? expectations.getFirst() : null);
        drop();
        publish();
        return Outcome.PASSED;
    }

    private void drop() {
        for (ReplyTask task : List.copyOf(waiting)) {
            if (!task.isCancelled() && !task.isOver()) continue;
            waiting.remove(task);
            queued.decrementAndGet();
            task.complete();
        }
        for (ReplyTask task : List.copyOf(active)) {
            if (!task.isDecoded()) {
                if (task.isCancelled() || task.isOver()) decoder.cancel(task.generation());
                if (task.generation().hasEnded()) endDecoding(task);
            } else if (task.isCancelled()) {
                task.complete();
            }
            if (!task.isOver()) continue;
            active.remove(task);
            queued.decrementAndGet();
        }
    }

    private void endDecoding(ReplyTask task) {
        task.slot().use(clock.getAsLong());
        memory.release(task);
        // Whoever hears the end finds the memory free.
        publish();
        task.decodingEnded(clock.getAsLong());
    }

    private List<PassPlanner.Candidate<ReplyTask>> candidates() {
        return active.stream()
                .filter(task -> !task.isDecoded())
                .map(task -> new PassPlanner.Candidate<>(
                        task,
                        task.generation().promptLeft(),
                        task.deadline(),
                        task.isReady(),
                        task.firstAudioAt() != 0,
                        task.generation().cyclePlace()))
                .toList();
    }

    /** In the order of their arrival: one that must wait for memory keeps its place. */
    private void admit() {
        while (!waiting.isEmpty() && decoding() < limit.now()) {
            ReplyTask task = waiting.peek();
            stopExpecting(task.slot());
            Optional<ReplySlot> slot = memory.reserve(task, this);
            if (slot.isEmpty()) break;
            waiting.poll();
            task.use(slot.get());
            begin(task);
        }
        int ahead = 0;
        for (ReplyTask task : waiting) task.waitsBehind(ahead++);
    }

    private int decoding() {
        return (int) active.stream().filter(task -> !task.isDecoded()).count();
    }

    private void begin(ReplyTask task) {
        try {
            boolean exact = task.options().config().plan().skippedKv() == SkippedKv.FILL;
            int evicted = task.eviction()
                    .filter(_ -> task.slot().sequence() != null && task.slot().isCuttable())
                    .map(eviction -> eviction.of(task.slot().sequence(), task.prompt()))
                    .orElse(0);
            Request request = request(task.slot(), task.prompt(), exact)
                    .withForced(task.options().forced())
                    .withListener(step -> decided(task, step));
            Generation generation = decoder.admit(request, task.options().config());
            active.add(task);
            task.begin(generation, request.held(), evicted, clock.getAsLong());
        } catch (RuntimeException e) {
            memory.release(task);
            queued.decrementAndGet();
            task.fail(e);
            if (e instanceof LostDeviceException) throw e;
        }
    }

    /** On the longest prefix that the slot holds, else on what all conversations share. */
    private Request request(ReplySlot slot, DialoguePrompt prompt, boolean exact) {
        Sequence held = slot.sequence();
        int common = held == null ? 0 : held.commonPrefix(prompt.ids(), prompt.embeddings());
        boolean useful = held != null && common >= prompt.shared() && (slot.isCuttable() || common == held.length());
        Sequence sequence = useful ? held : beginning(prompt);
        boolean cuttable = exact && (!useful || slot.isCuttable());
        slot.hold(sequence, cuttable, clock.getAsLong());
        return Request.onCommonPrefix(sequence, prompt.ids(), prompt.embeddings());
    }

    private Sequence beginning(DialoguePrompt prompt) {
        // A long system turn is prefilled in pieces like everything else.
        if (prompt.shared() == 0 || prompt.shared() > Transformer.PASS_POSITIONS) {
            return new Sequence(model.languageModel());
        }
        return model.begin(new Prompt(prompt.ids(), prompt.shared(), 0, 0));
    }

    private void expect(ReplySlot slot, DialoguePrompt prompt) {
        stopExpecting(slot);
        boolean busy = active.stream().anyMatch(task -> task.slot() == slot && !task.isDecoded());
        if (busy || !memory.holds(slot) || !memory.expect(slot, prompt.ids().length)) return;
        try {
            expectations.add(new Expectation(slot, decoder.admit(request(slot, prompt, true))));
        } catch (RuntimeException e) {
            // What cannot be prefilled early fails again when it is asked, where somebody hears of it. So does a lost
            // device.
            memory.forget(slot);
            slot.empty();
        }
    }

    private void stopExpecting(ReplySlot slot) {
        expectations.removeIf(expectation -> {
            if (expectation.slot() != slot) return false;
            decoder.cancel(expectation.generation());
            memory.forget(slot);
            return true;
        });
    }

    private void evict(ReplySlot slot) {
        stopExpecting(slot);
        observer.evicted(slot.bytes());
    }

    private void decided(ReplyTask task, Step step) {
        decided++;
        if (step.exitLayer() < model.languageModel().layers()) early++;
        task.decided(step, clock.getAsLong());
    }

    private void pass(PassPlanner.Plan<ReplyTask> plan, Expectation expectation) {
        List<PromptPiece> prompts = new ArrayList<>();
        for (PassPlanner.Piece<ReplyTask> piece : plan.prompts()) {
            prompts.add(new PromptPiece(piece.reply().generation(), piece.positions()));
        }
        if (expectation != null) prompts.add(new PromptPiece(expectation.generation(), plan.room()));
        int positions = prompts.stream()
                .mapToInt(
                        piece -> Math.min(piece.positions(), piece.generation().promptLeft()))
                .sum();
        early = 0;
        decided = 0;
        long start = System.nanoTime();
        try {
            decoder.step(
                    plan.deciding().stream().map(ReplyTask::generation).toList(),
                    prompts,
                    options.alignment().ofPass());
        } catch (LostDeviceException e) {
            // Nor will be anything of another one.
            throw e;
        } catch (RuntimeException e) {
            // Weights that are damaged or gone: nothing of this pass is to be trusted.
            fail(e);
            return;
        }
        long nanos = System.nanoTime() - start;
        // What drafts are decided is told later, by a pass that reads them.
        boolean upperLayersUnread = positions == 0 && early == decided;
        if (!upperLayersUnread) cost.observe(plan.deciding().size() + positions, nanos);
        observer.pass(new PoolPass(plan.deciding().size(), positions, upperLayersUnread, nanos));
        if (expectation != null && expectation.generation().isPrefilled()) stopExpecting(expectation.slot());
    }

    private void fail(RuntimeException failure) {
        for (Expectation expectation : List.copyOf(expectations)) {
            stopExpecting(expectation.slot());
            memory.empty(expectation.slot());
        }
        for (ReplyTask task : active) {
            if (!task.isDecoded()) {
                task.fail(failure);
                decoder.cancel(task.generation());
                endDecoding(task);
                memory.empty(task.slot());
            }
        }
    }

    private void publish() {
        status = new PoolStatus(
                active.size(),
                waiting.size(),
                memory.slots(),
                memory.reserved(),
                memory.idle(),
                options.kvBytes(),
                vocoders.queue());
    }

    /** Cancels everything; replies hear of it in the last turn. */
    void shutDown() {
        commands.close(() -> {
            waiting.forEach(ReplyTask::cancel);
            active.forEach(ReplyTask::cancel);
        });
    }

    /** The thread of the model dies of a defect, or of a lost device: everybody hears of it, and nothing more is taken. */
    void breakDown(Throwable cause) {
        failure = cause instanceof LostDeviceException lost
                ? lost
                : new IllegalStateException("the pool broke down: " + cause, cause);
        // Replies that were submitted last are then among those that wait.
        commands.runLast(cause);
        waiting.forEach(task -> task.fail(failure));
        active.forEach(task -> task.fail(failure));
    }

    boolean hasCommands() {
        return !commands.isEmpty();
    }

    boolean isClosed() {
        return commands.isClosed();
    }
}
