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
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatMeasure;
import sparrow.models.chat.ChatTurn;
import sparrow.models.chat.Window;
import sparrow.models.family.ToolCall;
import sparrow.models.pool.ReplyHandle;
import sparrow.models.pool.ReplyOptions;
import sparrow.server.audio.Sound;
import sparrow.server.realtime.event.Recording.Heard;
import sparrow.server.reply.ReplyEvent;
import sparrow.server.reply.RequestOverrides;

/**
 * The model as one conversation sees it. No method blocks; results of long computations return as commands of the
 * session.
 */
interface ConversationBackend extends ChatMeasure, AutoCloseable {
    /**
     * The facts of a model that a session needs.
     *
     * @param speechUnitsPerSecond tokens or frames per second of speech
     * @param sounds whether a unit becomes sound; the frame that ends speech does not
     * @param leftOut the caution for a client whose instructions are left out; none if the model follows them
     */
    record ModelInfo(
            int layers,
            int contextLength,
            double speechUnitsPerSecond,
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
     * Returns the configuration with these overrides.
     *
     * @throws sparrow.server.message.RefusedException if the model does not support them
     */
    GenerationConfig config(RequestOverrides overrides);

    /** @throws sparrow.server.message.RefusedException if the model has no such voice */
    void requireVoice(String voice, String param);

    /**
     * Encodes a turn.
     *
     * @param then receives the result, as a command of the session
     */
    void hear(Sound said, Consumer<Heard> then);

    /**
     * Encodes a turn that is still being spoken, and prefills the part that will not change. A newer call replaces one
     * that has not begun.
     *
     * @param soFar speech of the next question so far
     */
    void prefillEarly(Sound soFar, Optional<String> instructions, List<ChatTurn> earlier);

    /**
     * Requests a reply in this conversation.
     *
     * @param events receives commands of the session
     * @param ready whether the client is ready for more; safe for every thread
     * @throws RuntimeException as {@link sparrow.models.pool.KvSlot#ask}
     */
    ReplyHandle ask(ChatHistory chat, ReplyOptions options, Consumer<ReplyEvent> events, BooleanSupplier ready);

    /** Requests a reply outside of the conversation. */
    ReplyHandle askAside(ChatHistory chat, ReplyOptions options, Consumer<ReplyEvent> events, BooleanSupplier ready);

    /**
     * Transcribes speech outside of the conversation.
     *
     * @throws IllegalArgumentException also if the model was not trained for it
     */
    ReplyHandle transcribe(Question question, Consumer<ReplyEvent> events, BooleanSupplier ready);

    /** Returns true if a recogniser transcribes speech instead of the model. */
    boolean recognizes();

    /**
     * Transcribes speech with the recogniser.
     *
     * @param then receives the text or the failure, as a command of the session
     * @throws sparrow.server.message.RefusedException if too much is waiting
     */
    Future<?> recognize(Sound said, BiConsumer<String, Throwable> then);

    String text(List<Unit> units);

    /** Returns a text as units of a reply. */
    List<Unit> replyUnits(String text);

    /** Returns a tool call as units of a reply. */
    List<Unit> callUnits(ToolCall call);

    /** Ends the conversation. */
    @Override
    void close();
}
