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
import sparrow.models.chat.Window;
import sparrow.models.family.BadToolCallException;
import sparrow.models.family.ToolCall;
import sparrow.models.family.ToolCallReader;

/**
 * A reply, from the request to its last sample. The model's thread decodes it, vocoder threads generate its audio, and
 * any thread may cancel it. Its listener is notified by one thread at a time, under the request's lock. The states, in
 * order:
 *
 * <ol>
 *   <li><i>waiting</i> in the {@link Scheduler}'s queue, without a generation;
 *   <li><i>active</i> after {@link #begin}: its prompt is prefilled, and its units are {@link #decided};
 *   <li><i>decoded</i> after {@link #decodingEnded}: its keys and values are released, and its last blocks are vocoded;
 *   <li><i>over</i> after {@link #complete} or {@link #fail}, which have an effect only once, in any state: the
 *       listener is no longer notified, and the scheduler's next turn drops the request. {@link #cancel} requests this
 *       state; the scheduler completes the request in its next turn.
 * </ol>
 */
final class PooledRequest implements ReplyHandle {
    private static final System.Logger LOG = System.getLogger("sparrow.models.pool");

    /** Duration of audio that should be available when all audio sent so far has been played. */
    private static final long MARGIN_NANOS = 300_000_000;

    /** Target time from a question to the first audio of its reply. */
    private static final long FIRST_AUDIO_NANOS = 300_000_000;

    /**
     * Maximum total time for which a listener may not be ready, in addition to twice the duration of the audio that it
     * has received.
     */
    private static final long MAX_HOLD_NANOS = 600_000_000_000L;

    private final SpokenModel model;
    private final ChatPrompt prompt;
    private final Optional<ChatPrompt.Eviction> eviction;
    private final ReplyOptions options;
    private final ReplyListener listener;
    private final Scheduler scheduler;
    private final long submittedAt;
    private final UnitFormat units;
    private final TextStream text;
    private final StringBuilder words = new StringBuilder();
    private final Iterator<Unit> forced;
    private final ToolCallReader calls;

    /** Null if no audio is requested. */
    private final ReplySpeech speech;

    /** The slot and, after admission, the generation. Used only by the model's thread. */
    private KvSlot slot;

    private Generation generation;

    /** All units so far, including an end token. */
    private final List<Unit> generated = new ArrayList<>();

    /**
     * If the model called tools, the number of units up to the end of its last complete call, or up to the beginning of
     * its first call if no call is complete.
     */
    private int callsEnd;

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
     * The decoded reply.
     *
     * @param units the units that belong to the chat history
     * @param reply the reply with all steps
     */
    private record Decoded(List<Unit> units, Reply reply) {}

    /**
     * @param task the scheduler's model, or its view for transcription or reading aloud
     * @param slot the slot that the reply must use, or null for any slot
     */
    PooledRequest(
            Scheduler scheduler,
            SpokenModel task,
            KvSlot slot,
            Window.Fitting chat,
            ReplyOptions options,
            ReplyListener listener) {
        this.scheduler = scheduler;
        this.model = task;
        this.slot = slot;
        this.prompt = chat.prompt();
        this.units = task.languageModel().units();
        // A slot without a conversation may be reused for any later chat, so it must remain exact.
        this.eviction =
                chat.whole().filter(_ -> slot != null).map(whole -> ChatPrompt.Eviction.of(whole, prompt, units));
        this.calls = task.toolCalls(chat.chat().tools());
        this.options = options;
        this.listener = listener;
        this.submittedAt = scheduler.now();
        this.text = task.textStream();
        this.forced = options.forced().iterator();
        this.speech = options.speechMode() == SpeechMode.SILENT
                ? null
                : new ReplySpeech(this, task.synthesizer(), task.codesPerSecond(), scheduler.vocoders());
    }

    /** Returns the pool's layers and heads, with the units of the reply's task. */
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

    /** Fails the reply if its listener has not been ready for too long. Called on the model's thread, once per turn. */
    void limitHold(long now) {
        if (held) heldNanos += now - lookedAt;
        held = !over && !isReady();
        lookedAt = now;
        long given = speech == null ? 0 : speech.nanos();
        if (held && heldNanos > MAX_HOLD_NANOS + 2 * given) fail(new SlowListenerException());
    }

    /** Returns whether all tokens have been selected, although tokens may remain to be converted to audio. */
    boolean isDecoded() {
        return decoded != null;
    }

    /** Returns the maximum number of positions that the reply may require. */
    int positions(int contextLength) {
        return (int) Math.min(
                contextLength,
                prompt.ids().length + (long) options.config().limits().newTokens());
    }

    /** Returns the time of the first samples, or 0 if there are no samples yet. */
    long firstAudioAt() {
        return firstAudio;
    }

    /** Returns the time at which the audio of all selected tokens will have been played, minus a margin. */
    long deadline() {
        if (firstAudio == 0) return submittedAt + FIRST_AUDIO_NANOS;
        return firstAudio + (long) (codes / model.codesPerSecond() * 1e9) - MARGIN_NANOS;
    }

    /** Called when the batch has admitted this reply. */
    void begin(Generation admitted, int cached, int evicted, long now) {
        generation = admitted;
        begun = now - submittedAt;
        use = new PromptUse(prompt.ids().length, prompt.audio(), cached, evicted);
        notifyListener(heard -> heard.begun(use));
    }

    /** Called when a unit has been selected. */
    void decided(Step step, long now) {
        if (firstToken == 0) firstToken = now - submittedAt;
        Unit unit = forced.hasNext() ? forced.next() : step.unit();
        generated.add(unit);
        notifyListener(heard -> heard.step(step));
        // A unit that is neither audio nor text, such as an end token, has no text.
        units.text(unit).ifPresent(this::read);
        if (calls.isCalling()) return;
        int[] audible = units.codes(unit);
        for (int code : audible) {
            codes++;
            if (speech != null) speech.accept(code, now);
        }
        if (audible.length == 0 && speech != null) speech.endPiece(units.synthesized(unit));
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
        else if (!calling) callsEnd = generated.size() - 1;
        call.ifPresent(made -> {
            List<Unit> spoken = List.copyOf(generated.subList(callsEnd, generated.size()));
            callsEnd = generated.size();
            notifyListener(heard -> heard.call(made, spoken));
        });
    }

    private void say(String piece) {
        if (piece.isEmpty()) return;
        words.append(piece);
        notifyListener(heard -> heard.text(piece));
    }

    /** Called when the generation has ended. Completes the text and the audio. */
    void decodingEnded(long now) {
        retainDecoded();
        decodedAt = now - submittedAt;
        if (cancelled || generation.reply().stop() == StopReason.CANCELLED) {
            complete();
            return;
        }
        say(text.finish());
        if (calls.isOpen()) fail(new BadToolCallException("expected an end before the end of the reply"));
        else if (speech == null) complete();
        else speech.finish(runawayCodes());
    }

    /** Returns the number of superfluous codes in a runaway reply, or 0 for any other reply. */
    private int runawayCodes() {
        return decoded.units().stream()
                .skip(decoded.reply().stepsBeforeRunaway())
                .mapToInt(unit -> units.codes(unit).length)
                .sum();
    }

    private void retainDecoded() {
        Reply reply = generation.reply();
        int end = reply.stop() == StopReason.END_TOKEN ? generated.size() - 1 : generated.size();
        decoded = new Decoded(generated.subList(0, calls.isCalling() ? callsEnd : end), reply);
    }

    /** Called when samples are final, on a vocoder thread. */
    void speech(float[] samples) {
        if (firstAudio == 0) firstAudio = System.nanoTime();
        notifyListener(heard -> heard.speech(samples));
    }

    /** Ends the reply after all audio has been sent, and notifies the listener. */
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
                    model.understood(words.toString()),
                    reply,
                    new PooledReply.Timing(
                            begun,
                            firstToken,
                            firstAudio == 0 ? 0 : firstAudio - submittedAt,
                            decodedAt,
                            now - submittedAt,
                            speech == null ? 0 : speech.samples()));
            scheduler.left();
            last(() -> listener.ended(ended));
        }
        scheduler.wake();
    }

    /** Ends the reply with a failure, and notifies the listener. */
    void fail(RuntimeException failure) {
        synchronized (this) {
            if (over) return;
            over = true;
            scheduler.left();
            last(() -> listener.failed(failure));
        }
        scheduler.wake();
    }

    /**
     * Calls the listener for the last time. A failure of this call cannot be reported to the listener and is logged.
     */
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

    /**
     * Returns the failure of a reply whose listener threw an exception or an error, such as an OutOfMemoryError. Other
     * replies are not affected.
     */
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
        scheduler.wake();
    }

    boolean isCancelled() {
        return cancelled;
    }

    @Override
    public boolean isOver() {
        return over;
    }
}
