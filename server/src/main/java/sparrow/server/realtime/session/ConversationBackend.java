package sparrow.server.realtime.session;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.interleave.Unit;
import sparrow.models.Question;
import sparrow.models.chat.ChatMeasure;
import sparrow.models.chat.ChatTurn;
import sparrow.models.chat.Window;
import sparrow.models.family.Tool;
import sparrow.models.family.ToolCall;
import sparrow.models.pool.ReplyHandle;
import sparrow.models.pool.ReplyOptions;
import sparrow.server.audio.Sound;
import sparrow.server.realtime.event.Recording.Heard;
import sparrow.server.reply.ReplyEvent;
import sparrow.server.reply.RequestOverrides;

/**
 * The model from the point of view of one conversation. No method blocks; the results of long computations are passed
 * to the session as commands.
 */
interface ConversationBackend extends ChatMeasure, AutoCloseable {
    /**
     * The information about a model that a session requires.
     *
     * @param speechUnitsPerSecond the number of tokens or frames per second of speech
     * @param questionBytesPerSecond an estimate of the memory of one second of an encoded question, in bytes
     * @param sounds a predicate that tests whether a unit is converted to audio, unlike the frame that ends speech
     * @param leftOut the caution for a client whose instructions are ignored, or empty if the model follows them
     */
    record ModelInfo(
            int layers,
            int contextLength,
            double speechUnitsPerSecond,
            double questionBytesPerSecond,
            Predicate<Unit> sounds,
            int rateHz,
            boolean callsTools,
            Optional<String> leftOut,
            Window window) {}

    ModelInfo facts();

    @Override
    default int contextLength() {
        return facts().contextLength();
    }

    @Override
    default double seconds(List<Unit> reply) {
        return reply.stream().filter(facts().sounds()).count() / facts().speechUnitsPerSecond();
    }

    /**
     * Returns the default configuration with the given overrides.
     *
     * @throws sparrow.server.message.RefusedException if the model does not support the overrides
     */
    GenerationConfig config(RequestOverrides overrides);

    /**
     * Checks that the model has a voice.
     *
     * @throws sparrow.server.message.RefusedException if the model has no such voice
     */
    void requireVoice(String voice, String param);

    /** Encodes a turn, and passes the result to the session as a command. */
    void hear(Sound speech, Consumer<Heard> then);

    /**
     * Encodes the next question's speech so far, and prefills the part that will not change. A newer call replaces an
     * earlier call that has not started.
     */
    void prefillEarly(Sound soFar, Optional<String> instructions, List<Tool> tools, List<ChatTurn> earlier);

    /**
     * Requests a reply in this conversation.
     *
     * @param events a consumer of the reply's events, called as commands of the session
     * @param ready a thread-safe test whether the client is ready for more events
     * @throws RuntimeException as specified by {@link sparrow.models.pool.KvSlot#ask}
     */
    ReplyHandle ask(Window.Fitting chat, ReplyOptions options, Consumer<ReplyEvent> events, BooleanSupplier ready);

    /** Requests a reply outside the conversation. */
    ReplyHandle askAside(Window.Fitting chat, ReplyOptions options, Consumer<ReplyEvent> events, BooleanSupplier ready);

    /**
     * Transcribes speech outside the conversation.
     *
     * @throws IllegalArgumentException if the question is invalid, or if the model was not trained for transcription
     */
    ReplyHandle transcribe(Question question, Consumer<ReplyEvent> events, BooleanSupplier ready);

    /** Returns whether a separate recogniser transcribes speech instead of the model. */
    boolean recognizes();

    /**
     * Transcribes speech with the recogniser.
     *
     * @param then a consumer of the text or the failure, called as a command of the session
     * @throws sparrow.server.message.RefusedException if too many recordings are waiting
     */
    Future<?> recognize(Sound speech, BiConsumer<String, Throwable> then);

    String text(List<Unit> units);

    /** Returns a reply's text as units. */
    List<Unit> replyUnits(String text);

    /** Returns a tool call as units. */
    List<Unit> callUnits(ToolCall call);

    /** Ends the conversation. */
    @Override
    void close();
}
