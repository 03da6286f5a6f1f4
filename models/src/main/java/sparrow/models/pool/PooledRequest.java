package sparrow.models.pool;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import sparrow.engine.decode.Generation;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.engine.reply.StopReason;
import sparrow.formats.text.TextStream;
import sparrow.models.SpokenModel;
import sparrow.models.chat.ChatPrompt;
import sparrow.models.family.BadToolCallException;
import sparrow.models.family.ToolCall;
import sparrow.models.family.ToolCallReader;

/**
 * One reply from the asking to the last sample. The thread of the model decodes it, vocoder threads make its sound, and
 * every thread may cancel it; its listener is notified by one of them at a time, under the lock of the request. Its states, in order:
 *
 * <ol>
 *   <li><i>waiting</i> in the {@link Scheduler}'s queue, without a generation;
 *   <li><i>active</i> from {@link #begin} on: its prompt is prefilled, its units are {@link #decided};
 *   <li><i>decoded</i> from {@link #decodingEnded} on: its keys and values are given back, its last blocks are vocoded;
 *   <li><i>over</i> by {@link #complete} or {@link #fail}, once, from any state: nothing is notified from then on, and the next turn of the
 *       scheduler drops it. {@link #cancel} asks for it; the scheduler completes the request in its next turn.
 * </ol>
 */
final class PooledRequest implements ReplyHandle {
    private static final System.Logger LOG = System.getLogger("sparrow.models.pool");

    /** Sound that should lie ready when what was given has been played. */
    private static final long MARGIN_NANOS = 300_000_000;

    /** The time from a question to the first sound of its reply that a schedule aims at. */
    private static final long FIRST_AUDIO_NANOS = 300_000_000;

    /** The time for which a listener may want nothing, in all, besides twice the length of the sound that it was given. */
    private static final long LONGEST_HOLD_NANOS = 600_000_000_000L;

    private final SpokenModel model;
    private final ChatPrompt prompt;
    private final Optional<ChatPrompt.Eviction> eviction;
    private final ReplyOptions options;
    private final ReplyListener listener;
    private final Runnable leave;
    private final Runnable wake;
    private final long asked;
    private final UnitFormat units;
    private final TextStream text;
    private final StringBuilder words = new StringBuilder();
    private final Iterator<Unit> forced;
    private final ToolCallReader calls;

    /** Null where no sound is wanted. */
    private ReplySpeech speech;

    /** Of the thread of the model: the slot, and the generation once it was admitted. */
    private KvSlot slot;

    private Generation generation;

    /** Units so far, an end token included. */
    private final List<Unit> said = new ArrayList<>();

    /** Once it calls: units up to the end of its last whole call, or to the beginning of its first. */
    private int called;

    private Decoded decoded;

    private PromptUse use = new PromptUse(0, 0, 0);
    private long begun;
    private boolean held;
    private long heldNanos;
    private long lookedAt;
    private long firstToken;
    private long decodedAt;
    private volatile int codes;
    private volatile long firstAudio;
    private volatile boolean cancelled;
    private volatile boolean over;

    /**
     * The decided reply.
     *
     * @param units as they belong to the chat
     * @param reply all steps
     */
    private record Decoded(List<Unit> units, Reply reply) {}

    /**
     * @param slot that it is to use; null for any
     * @param eviction of the truncated part from that slot; empty for none
     * @param calls reads its tool calls
     * @param leave gives its place in the pool to another, before its listener is notified of the end
     * @param wake wakes the thread of the model
     */
    PooledRequest(
            SpokenModel model,
            KvSlot slot,
            ChatPrompt prompt,
            Optional<ChatPrompt.Eviction> eviction,
            ToolCallReader calls,
            ReplyOptions options,
            ReplyListener listener,
            Runnable leave,
            Runnable wake,
            long asked) {
        this.model = model;
        this.slot = slot;
        this.prompt = prompt;
        this.eviction = eviction;
        this.calls = calls;
        this.options = options;
        this.listener = listener;
        this.leave = leave;
        this.wake = wake;
        this.asked = asked;
        this.units = model.languageModel().units();
        this.text = model.textStream();
        this.forced = options.forced().iterator();
    }

    void speakWith(VocoderPool vocoders) {
        if (options.speechMode() == SpeechMode.SILENT) return;
        speech = new ReplySpeech(this, model.synthesizer(), model.codesPerSecond(), vocoders);
    }

    /** The layers and heads of the pool, with the units of its task. */
    LanguageModel languageModel() {
        return model.languageModel();
    }

    ChatPrompt prompt() {
        return prompt;
    }

    Optional<ChatPrompt.Eviction> eviction() {
        return eviction;
    }

    ReplyOptions options() {
        return options;
    }

    KvSlot slot() {
        return slot;
    }

    void use(KvSlot chosen) {
        slot = chosen;
    }

    Generation generation() {
        return generation;
    }

    boolean isReady() {
        try {
            return listener.isReady();
        } catch (RuntimeException | Error e) {
            fail(failureOf(e));
            return false;
        }
    }

    /** Looks whether its listener wants more, and breaks off if it did not for too long. On the thread of the model, once a turn. */
    void limitHold(long now) {
        if (held) heldNanos += now - lookedAt;
        held = !over && !isReady();
        lookedAt = now;
        long given = speech == null ? 0 : speech.nanos();
        if (held && heldNanos > LONGEST_HOLD_NANOS + 2 * given) fail(new SlowListenerException());
    }

    /** True if all tokens are decided, though perhaps not all is sound. */
    boolean isDecoded() {
        return decoded != null;
    }

    /** Positions that it may come to hold. */
    int positions(int contextLength) {
        return (int) Math.min(
                contextLength,
                prompt.ids().length + (long) options.config().limits().newTokens());
    }

    /** The time of the first samples; 0 before. */
    long firstAudioAt() {
        return firstAudio;
    }

    /** The moment at which what was decided so far will have been played, less a margin. */
    long deadline() {
        if (firstAudio == 0) return asked + FIRST_AUDIO_NANOS;
        return firstAudio + (long) (codes / model.codesPerSecond() * 1e9) - MARGIN_NANOS;
    }

    /** Called when the batch has admitted this reply. */
    void begin(Generation admitted, int cached, int evicted, long now) {
        generation = admitted;
        begun = now - asked;
        use = new PromptUse(prompt.ids().length, prompt.audio(), cached, evicted);
        notifyListener(heard -> heard.begun(use));
    }

    /** A unit was decided. */
    void decided(Step step, long now) {
        if (firstToken == 0) firstToken = now - asked;
        Unit unit = forced.hasNext() ? forced.next() : step.unit();
        said.add(unit);
        notifyListener(heard -> heard.step(step));
        // A unit that is neither sound nor text, such as an end token, gives none.
        units.text(unit).ifPresent(this::read);
        if (calls.isCalling()) return;
        for (int code : units.codes(unit)) {
            codes++;
            if (speech != null) speech.accept(code, now);
        }
    }

    private void read(int id) {
        boolean calling = calls.isCalling();
        Optional<ToolCall> call;
        try {
            call = calls.accept(id);
        } catch (BadToolCallException e) {
            fail(e);
            return;
        }
        if (!calls.isCalling()) say(text.accept(id));
        else if (!calling) called = said.size() - 1;
        call.ifPresent(made -> {
            List<Unit> spoken = List.copyOf(said.subList(called, said.size()));
            called = said.size();
            notifyListener(heard -> heard.call(made, spoken));
        });
    }

    private void say(String piece) {
        if (piece.isEmpty()) return;
        words.append(piece);
        notifyListener(heard -> heard.text(piece));
    }

    /** The generation has ended: text and sound are brought to their ends. */
    void decodingEnded(long now) {
        retainDecoded();
        decodedAt = now - asked;
        if (cancelled || generation.reply().stop() == StopReason.CANCELLED) {
            complete();
            return;
        }
        say(text.finish());
        if (calls.isOpen()) fail(new BadToolCallException("expected an end before the end of the reply"));
        else if (speech == null) complete();
        else speech.finish(vainCodes());
    }

    /** The codes that a runaway reply says in vain: none if it is none. */
    private int vainCodes() {
        return decoded.units().stream()
                .skip(decoded.reply().stepsBeforeRunaway())
                .mapToInt(unit -> units.codes(unit).length)
                .sum();
    }

    private void retainDecoded() {
        Reply reply = generation.reply();
        int end = reply.stop() == StopReason.END_TOKEN ? said.size() - 1 : said.size();
        decoded = new Decoded(said.subList(0, calls.isCalling() ? called : end), reply);
    }

    /** Samples became final. On a vocoder thread. */
    void speech(float[] samples) {
        if (firstAudio == 0) firstAudio = System.nanoTime();
        notifyListener(heard -> heard.speech(samples));
    }

    /** Everything was given: notifies the listener of the end. */
    void complete() {
        long now = System.nanoTime();
        synchronized (this) {
            if (over) return;
            over = true;
            Decoded what = decoded == null ? new Decoded(List.of(), Reply.none(StopReason.CANCELLED)) : decoded;
            Reply reply = cancelled ? what.reply().with(StopReason.CANCELLED) : what.reply();
            PooledReply ended = new PooledReply(
                    use,
                    what.units(),
                    words.toString(),
                    reply,
                    new PooledReply.Timing(
                            begun,
                            firstToken,
                            firstAudio == 0 ? 0 : firstAudio - asked,
                            decodedAt,
                            now - asked,
                            speech == null ? 0 : speech.samples()));
            leave.run();
            last(() -> listener.ended(ended));
        }
        wake.run();
    }

    /** It broke off. */
    void fail(RuntimeException failure) {
        synchronized (this) {
            if (over) return;
            over = true;
            leave.run();
            last(() -> listener.failed(failure));
        }
        wake.run();
    }

    /** A failure of the last call has no listener left; it is logged. */
    private static void last(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.WARNING, "a listener failed at the end of its reply", e);
        }
    }

    private void notifyListener(Consumer<ReplyListener> call) {
        RuntimeException failure = null;
        synchronized (this) {
            if (over) return;
            try {
                call.accept(listener);
            } catch (RuntimeException | Error e) {
                failure = failureOf(e);
            }
        }
        if (failure != null) fail(failure);
    }

    /** An error of one listener, such as no memory for its samples, ends its own reply alone. */
    private static RuntimeException failureOf(Throwable thrown) {
        return thrown instanceof RuntimeException failure
                ? failure
                : new IllegalStateException("the listener of a reply failed: " + thrown, thrown);
    }

    @Override
    public void cancel() {
        cancelled = true;
        wake();
    }

    void wake() {
        wake.run();
    }

    boolean isCancelled() {
        return cancelled;
    }

    @Override
    public boolean isOver() {
        return over;
    }
}
