package sparrow.server.realtime.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.EarlyTokenAgreement;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Runaway;
import sparrow.engine.reply.Step;
import sparrow.engine.reply.StopReason;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatPrompt;
import sparrow.models.chat.ChatTurn;
import sparrow.models.chat.Window;
import sparrow.models.family.Tool;
import sparrow.models.family.ToolCall;
import sparrow.models.pool.PoolFullException;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.PromptUse;
import sparrow.models.pool.ReplyHandle;
import sparrow.models.pool.ReplyListener;
import sparrow.models.pool.ReplyOptions;
import sparrow.models.pool.SpeechMode;
import sparrow.server.audio.Sound;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Recording.Heard;
import sparrow.server.reply.ReplyEvent;
import sparrow.server.reply.RequestOverrides;
import sparrow.server.reply.ServedModel;

/** Says what a test wants, when it wants. Ids from 1000 on are speech codes, ten a second; those below are letters. */
public final class ScriptedModel implements ConversationBackend {
    static final int RATE_HZ = 24_000;
    static final int CODES_PER_SECOND = 10;
    static final int FIRST_CODE = 1000;
    private static final int LAYERS = 4;

    public final List<Asking> askings = new ArrayList<>();
    public final List<Asking> transcriptions = new ArrayList<>();
    public boolean transcribes = true;
    boolean recognizes;
    final List<BiConsumer<String, Throwable>> recognitions = new ArrayList<>();
    final List<Sound> expectations = new ArrayList<>();
    final List<Sound> recordings = new ArrayList<>();
    private final Deque<Runnable> unheard = new ArrayDeque<>();
    boolean hearsAtOnce = true;
    Window window = Window.DEFAULT;
    boolean full;
    public boolean callsTools;
    double questionBytesPerSecond;
    Optional<String> leftOut = Optional.empty();
    boolean closed;

    @Override
    public ModelInfo facts() {
        return new ModelInfo(
                LAYERS,
                1000,
                CODES_PER_SECOND,
                questionBytesPerSecond,
                unit -> unit instanceof Unit.Token(int id) && id >= FIRST_CODE,
                RATE_HZ,
                callsTools,
                leftOut,
                window);
    }

    @Override
    public GenerationConfig config(RequestOverrides overrides) {
        int tokens = overrides.newTokens() == null ? 100 : overrides.newTokens();
        return new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(tokens));
    }

    @Override
    public void requireVoice(String voice, String param) {
        new ServedModel("scripted", null, null, null, Window.DEFAULT, Optional.empty()).requireVoice(voice, param);
    }

    @Override
    public void hear(Sound said, Consumer<Heard> then) {
        recordings.add(said);
        Heard heard = said.waveform().isSilent()
                ? new Heard.Nothing("question: expected speech, found silence")
                : new Heard.Something(new Question.Codes(new int[1 + said.length() / 1600], said.seconds()), 1);
        unheard.add(() -> then.accept(heard));
        if (hearsAtOnce) hear();
    }

    /** Listens to everything that was not listened to yet. */
    public void hear() {
        while (!unheard.isEmpty()) unheard.poll().run();
    }

    @Override
    public void prefillEarly(Sound soFar, Optional<String> instructions, List<Tool> tools, List<ChatTurn> earlier) {
        expectations.add(soFar);
    }

    @Override
    public ChatPrompt prompt(ChatHistory chat) {
        int length = 10 + chat.instructions().map(String::length).orElse(0) + length(chat.question());
        for (ChatTurn turn : chat.earlier())
            length += length(turn.question()) + turn.reply().size();
        int[] ids = new int[length];
        return new ChatPrompt(ids, List.of(), 0, 0, List.of(), new Prompt(ids, 0, 0, 0));
    }

    private static int length(Question question) {
        return switch (question) {
            case Question.Typed(String text) -> text.length();
            case Question.ToolOutputs(List<String> texts) ->
                texts.stream().mapToInt(String::length).sum();
            case Question.Codes(int[] codes, double seconds) -> codes.length;
            default -> throw new IllegalArgumentException("question: " + question);
        };
    }

    @Override
    public ReplyHandle ask(
            Window.Fitting chat, ReplyOptions options, Consumer<ReplyEvent> events, BooleanSupplier ready) {
        return asking(chat, options, ReplyEvent.listener(events, ready));
    }

    @Override
    public ReplyHandle askAside(
            Window.Fitting chat, ReplyOptions options, Consumer<ReplyEvent> events, BooleanSupplier ready) {
        return asking(chat, options, ReplyEvent.listener(events, ready));
    }

    @Override
    public ReplyHandle transcribe(Question question, Consumer<ReplyEvent> events, BooleanSupplier ready) {
        if (!transcribes) throw new IllegalArgumentException("scripted: a scripted model does not transcribe");
        if (full) throw new PoolFullException(7);
        ReplyOptions options = new ReplyOptions(config(RequestOverrides.NONE), SpeechMode.SILENT);
        Asking asking =
                new Asking(ChatHistory.of(question), Optional.empty(), options, ReplyEvent.listener(events, ready));
        transcriptions.add(asking);
        return asking;
    }

    @Override
    public boolean recognizes() {
        return recognizes;
    }

    @Override
    public Future<?> recognize(Sound said, BiConsumer<String, Throwable> then) {
        if (full) throw new RefusedException("rate_limit_exceeded", null, "busy");
        recognitions.add(then);
        return new CompletableFuture<>();
    }

    private Asking asking(Window.Fitting chat, ReplyOptions options, ReplyListener listener) {
        if (full) throw new PoolFullException(7);
        Asking asking = new Asking(chat.chat(), chat.whole(), options, listener);
        askings.add(asking);
        return asking;
    }

    @Override
    public List<Unit> heardPart(List<Unit> said, double seconds) {
        return Unit.tokens(heardPart(Unit.ids(said), seconds));
    }

    private static int[] heardPart(int[] reply, double seconds) {
        long heard = (long) (seconds * CODES_PER_SECOND + 1e-6);
        if (heard == 0) return new int[0];
        int codes = 0;
        for (int i = 0; i < reply.length; i++) {
            if (reply[i] >= FIRST_CODE && ++codes > heard) return upToLastCode(Arrays.copyOf(reply, i));
        }
        return reply;
    }

    private static int[] upToLastCode(int[] ids) {
        int end = ids.length;
        while (end > 0 && ids[end - 1] < FIRST_CODE) end--;
        return Arrays.copyOf(ids, end);
    }

    @Override
    public List<Unit> words(List<Unit> reply) {
        return Unit.tokens(
                Arrays.stream(Unit.ids(reply)).filter(id -> id < FIRST_CODE).toArray());
    }

    @Override
    public String text(List<Unit> units) {
        StringBuilder text = new StringBuilder();
        for (int id : Unit.ids(units)) if (id < FIRST_CODE) text.append((char) id);
        return text.toString();
    }

    @Override
    public List<Unit> replyUnits(String text) {
        return Unit.tokens(
                text.chars().map(letter -> Math.min(letter, FIRST_CODE - 1)).toArray());
    }

    @Override
    public List<Unit> callUnits(ToolCall call) {
        return replyUnits(written(call));
    }

    private static String written(ToolCall call) {
        return "<" + call.name() + call.arguments() + ">";
    }

    @Override
    public void close() {
        closed = true;
    }

    /** The last one. */
    public Asking asking() {
        return askings.getLast();
    }

    /** A reply that a test makes. */
    public static final class Asking implements ReplyHandle {
        public final ChatHistory chat;

        /** The prompt from which turns were dropped, if its keys and values may be reused. */
        final Optional<ChatPrompt> whole;

        public final ReplyOptions options;
        private final ReplyListener listener;
        private final List<Step> steps = new ArrayList<>();
        public boolean begun;
        public boolean cancelled;
        private boolean over;

        private Asking(ChatHistory chat, Optional<ChatPrompt> whole, ReplyOptions options, ReplyListener listener) {
            this.chat = chat;
            this.whole = whole;
            this.options = options;
            this.listener = listener;
        }

        public Asking begin() {
            begun = true;
            listener.begun(new PromptUse(20, 5, 3));
            return this;
        }

        public Asking text(String words) {
            for (int id : words.chars().toArray()) step(id, Modality.TEXT, LAYERS);
            listener.text(words);
            return this;
        }

        /** Codes, every second of them early, and their sound. */
        public Asking speech(int codes) {
            for (int i = 0; i < codes; i++) step(FIRST_CODE + i, Modality.SPEECH, i % 2 == 0 ? LAYERS : LAYERS - 1);
            float[] samples = new float[codes * RATE_HZ / CODES_PER_SECOND];
            Arrays.fill(samples, 0.25f);
            listener.speech(samples);
            return this;
        }

        public Asking call(String name, String arguments) {
            ToolCall call = new ToolCall(name, arguments);
            int[] ids = written(call).chars().toArray();
            for (int id : ids) step(id, Modality.TEXT, LAYERS);
            listener.call(call, Unit.tokens(ids));
            return this;
        }

        /** A unit at a place of speech that makes no sound. */
        public Asking silent() {
            step(0, Modality.SPEECH, LAYERS);
            return this;
        }

        private void step(int token, Modality modality, int exit) {
            Step step = new Step(new Unit.Token(token), modality, 1, exit, 0, Double.NaN, Double.NaN, 1);
            steps.add(step);
            listener.step(step);
        }

        public void end(StopReason stop) {
            over = true;
            int[] ids = steps.stream().mapToInt(Step::token).toArray();
            String words = IntStream.of(ids)
                    .filter(id -> id < FIRST_CODE)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            PromptUse use = begun ? new PromptUse(20, 5, 3) : new PromptUse(0, 0, 0);
            listener.ended(new PooledReply(
                    use,
                    Unit.tokens(ids),
                    words,
                    Optional.empty(),
                    new Reply(steps, stop, runaway(stop), compute(), EarlyTokenAgreement.NONE),
                    new PooledReply.Timing(1, 2, 3, 4, 5, 6)));
        }

        /** One that went on for twice as long as it should have. */
        private Optional<Runaway> runaway(StopReason stop) {
            if (stop != StopReason.RUNAWAY) return Optional.empty();
            return Optional.of(new Runaway(Runaway.Kind.SPEECH_CYCLE, 0, steps.size() / 2, steps.size() / 2));
        }

        /** One pass a step. */
        private ComputeStats compute() {
            return new ComputeStats(share(Modality.TEXT), share(Modality.SPEECH));
        }

        private ComputeStats.Share share(Modality modality) {
            SortedMap<Integer, Integer> passes = new TreeMap<>();
            for (Step step : steps) {
                if (step.modality() == modality) passes.merge(step.exitLayer(), 1, Integer::sum);
            }
            return new ComputeStats.Share(passes, 0, 0, 0);
        }

        public void end() {
            end(cancelled ? StopReason.CANCELLED : StopReason.END_TOKEN);
        }

        public void fail() {
            fail(new IllegalStateException("weights are gone"));
        }

        public void fail(RuntimeException failure) {
            over = true;
            listener.failed(failure);
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public boolean isOver() {
            return over;
        }
    }
}
