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
 * Whom a session talks with: the model, as one conversation sees it. Nothing here takes long; what does comes back as a command
 * of the session.
 */
interface ConversationBackend extends ChatMeasure, AutoCloseable {
    /**
     * The facts of a model that a session needs.
     *
     * @param speechUnitsPerSecond units of a second of its speech, tokens or frames
     * @param sounds whether a unit becomes sound; the frame that ends speech does not
     * @param leftOut the line for a client whose instructions are left out; none if the model obeys them
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
     * Its answers under these overrides.
     *
     * @throws sparrow.server.message.RefusedException if it cannot
     */
    GenerationConfig config(RequestOverrides overrides);

    /** @throws sparrow.server.message.RefusedException if it has no such voice */
    void requireVoice(String voice, String param);

    /** Listens to a turn, and reports later what was heard. */
    void hear(Sound said, Consumer<Heard> then);

    /**
     * Listens to a turn that is still being said, and prepares for its certain part. A newer call takes the place of one that has
     * not begun.
     *
     * @param soFar what was said of the next question
     */
    void prefillEarly(Sound soFar, Optional<String> instructions, List<ChatTurn> earlier);

    /**
     * Answers in this conversation.
     *
     * @param events are commands of the session
     * @param ready whether the client takes more; safe for every thread
     * @throws RuntimeException as {@link sparrow.models.pool.KvSlot#ask}
     */
    ReplyHandle ask(ChatHistory chat, ReplyOptions options, Consumer<ReplyEvent> events, BooleanSupplier ready);

    /** Answers beside the conversation. */
    ReplyHandle askAside(ChatHistory chat, ReplyOptions options, Consumer<ReplyEvent> events, BooleanSupplier ready);

    /**
     * Writes down what was said, beside the conversation.
     *
     * @throws IllegalArgumentException also if the model was not trained to
     */
    ReplyHandle transcribe(Question question, Consumer<ReplyEvent> events, BooleanSupplier ready);

    /** True if a recogniser writes down what was said in place of the model. */
    boolean recognizes();

    /**
     * Has the recogniser write down what was said.
     *
     * @param then takes the text, or else the failure, as a command of the session
     * @throws sparrow.server.message.RefusedException if too much waits for it
     */
    Future<?> recognize(Sound said, BiConsumer<String, Throwable> then);

    String text(List<Unit> units);

    /** A text as units of a reply. */
    List<Unit> replyUnits(String text);

    /** A call of a tool as units of a reply. */
    List<Unit> callUnits(ToolCall call);

    /** The conversation is over. */
    @Override
    void close();
}
