package sparrow.server.realtime.session;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.interleave.Unit;
import sparrow.formats.text.TextStream;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatMeasure;
import sparrow.models.chat.ChatPrompt;
import sparrow.models.chat.ChatTurn;
import sparrow.models.chat.Window;
import sparrow.models.family.SpeechInput;
import sparrow.models.family.Tool;
import sparrow.models.family.ToolCall;
import sparrow.models.pool.KvSlot;
import sparrow.models.pool.ReplyHandle;
import sparrow.models.pool.ReplyListener;
import sparrow.models.pool.ReplyOptions;
import sparrow.models.pool.SpeechMode;
import sparrow.server.audio.Sound;
import sparrow.server.realtime.event.Item;
import sparrow.server.realtime.event.Recording.Heard;
import sparrow.server.reply.ReplyEvent;
import sparrow.server.reply.RequestOverrides;
import sparrow.server.reply.ServedModel;

/** A pool's model, used by one conversation. */
public final class PooledBackend implements ConversationBackend {
    /** Maximum number of audio blocks of a reply that may wait for the session's thread. */
    private static final int MAX_UNTAKEN = 4;

    private final ServedModel served;
    private final SpokenModel model;
    private final ChatMeasure measure;
    private final KvSlot slot;
    private final EncoderThreads hearing;
    private final Executor session;
    private final EarlyPrefill earlyPrefill;
    private final ModelInfo facts;

    /** Recordings that have not been encoded yet. Used only by the session's thread. */
    private final Set<Future<?>> encoding = new HashSet<>();

    public PooledBackend(ServedModel served, EncoderThreads hearing, Executor session) {
        this.served = served;
        this.model = served.model();
        this.measure = ChatMeasure.of(model);
        this.slot = served.pool().slot();
        this.hearing = hearing;
        this.session = session;
        this.earlyPrefill = new EarlyPrefill(model, slot, hearing.unfinished());
        this.facts = new ModelInfo(
                model.languageModel().layers(),
                model.languageModel().transformer().config().contextLength(),
                model.speechUnitsPerSecond(),
                questionBytesPerSecond(model),
                unit -> model.languageModel().units().codes(unit).length > 0,
                model.synthesizer().sampleRateHz(),
                model.callsTools(),
                served.leftOut(),
                served.window());
    }

    private static double questionBytesPerSecond(SpokenModel model) {
        int bytes = switch (model.speechInput()) {
            case SpeechInput.Tokens _ -> Item.UNIT_BYTES;
            case SpeechInput.Embeddings _ ->
                Float.BYTES * model.languageModel().transformer().config().width();
        };
        return bytes * model.speechInput().positionsPerSecond();
    }

    @Override
    public ModelInfo facts() {
        return facts;
    }

    @Override
    public GenerationConfig config(RequestOverrides overrides) {
        return overrides.over(served.defaults(), model);
    }

    @Override
    public void requireVoice(String voice, String param) {
        served.requireVoice(voice, param);
    }

    @Override
    public void hear(Sound speech, Consumer<Heard> then) {
        earlyPrefill.stop();
        CompletableFuture<Heard> outcome = hearing.hear(model::encode, speech);
        encoding.add(outcome);
        outcome.thenAccept(heard -> session.execute(() -> {
            encoding.remove(outcome);
            then.accept(heard);
        }));
    }

    @Override
    public void prefillEarly(Sound soFar, Optional<String> instructions, List<Tool> tools, List<ChatTurn> earlier) {
        earlyPrefill.prefillEarly(soFar, instructions.filter(_ -> model.followsInstructions()), tools, earlier);
    }

    @Override
    public ChatPrompt prompt(ChatHistory chat) {
        return ChatPrompt.of(model, served.obeyed(chat));
    }

    @Override
    public ReplyHandle ask(
            Window.Fitting chat, ReplyOptions options, Consumer<ReplyEvent> events, BooleanSupplier ready) {
        earlyPrefill.stop();
        return slot.ask(chat, options, inTurn(events, ready));
    }

    @Override
    public ReplyHandle askAside(
            Window.Fitting chat, ReplyOptions options, Consumer<ReplyEvent> events, BooleanSupplier ready) {
        return served.pool().ask(chat, options, inTurn(events, ready));
    }

    @Override
    public ReplyHandle transcribe(Question question, Consumer<ReplyEvent> events, BooleanSupplier ready) {
        SpokenModel transcriber = model.transcriber();
        ReplyOptions options = new ReplyOptions(served.defaults(transcriber), SpeechMode.SILENT);
        return served.pool().ask(transcriber, ChatHistory.of(question), options, inTurn(events, ready));
    }

    @Override
    public boolean recognizes() {
        return served.recognizer().isPresent();
    }

    @Override
    public Future<?> recognize(Sound speech, BiConsumer<String, Throwable> then) {
        CompletableFuture<String> text = served.recognizer().orElseThrow().transcribe(speech.length(), () -> speech);
        text.whenComplete((words, failure) -> session.execute(() -> then.accept(words, failure)));
        return text;
    }

    private ReplyListener inTurn(Consumer<ReplyEvent> events, BooleanSupplier ready) {
        // The client's queue includes audio only after the session has sent it.
        AtomicInteger untaken = new AtomicInteger();
        return ReplyEvent.listener(
                event -> {
                    int blocks = event instanceof ReplyEvent.Speech ? 1 : 0;
                    untaken.addAndGet(blocks);
                    session.execute(() -> {
                        events.accept(event);
                        untaken.addAndGet(-blocks);
                    });
                },
                () -> untaken.get() < MAX_UNTAKEN && ready.getAsBoolean());
    }

    @Override
    public List<Unit> heardPart(List<Unit> reply, double seconds) {
        return measure.heardPart(reply, seconds);
    }

    @Override
    public List<Unit> words(List<Unit> reply) {
        return measure.words(reply);
    }

    @Override
    public String text(List<Unit> units) {
        UnitFormat format = model.languageModel().units();
        TextStream stream = model.textStream();
        StringBuilder text = new StringBuilder();
        for (Unit unit : units) format.text(unit).ifPresent(id -> text.append(stream.accept(id)));
        return text.append(stream.finish()).toString();
    }

    @Override
    public List<Unit> replyUnits(String text) {
        return model.replyUnits(text);
    }

    @Override
    public List<Unit> callUnits(ToolCall call) {
        return model.callUnits(List.of(call));
    }

    @Override
    public void close() {
        earlyPrefill.stop();
        encoding.forEach(one -> one.cancel(false));
        slot.close();
    }
}
