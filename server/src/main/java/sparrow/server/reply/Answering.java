package sparrow.server.reply;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import sparrow.engine.device.LostDeviceException;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.StopReason;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.chat.ChatHistory;
import sparrow.models.family.BadToolCallException;
import sparrow.models.family.ToolCall;
import sparrow.models.pool.PoolFullException;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyHandle;
import sparrow.models.pool.ReplyListener;
import sparrow.models.pool.ReplyOptions;
import sparrow.models.pool.SlowListenerException;
import sparrow.server.audio.PlaybackClock;
import sparrow.server.audio.SendQueue;
import sparrow.server.http.ClientWatch;
import sparrow.server.http.HttpExchange;
import sparrow.server.http.HttpFailure;
import sparrow.server.message.HeapShare;
import sparrow.server.message.LongTexts;
import sparrow.server.message.RefusalLog;
import sparrow.server.message.RefusedException;
import sparrow.server.metrics.FinishedReply;
import sparrow.server.metrics.FinishedReply.Api;
import sparrow.server.metrics.FinishedReply.Ending;
import sparrow.server.metrics.ReplyLog;
import sparrow.server.metrics.ServerMetrics;

/**
 * Requests replies to HTTP requests from the pool, and passes them to writers on the requests' threads, as fast as the
 * clients read them. Thread-safe.
 */
public final class Answering {
    /** Number of unread bytes at which a reply pauses. 64 replies share half of the memory. */
    private static final long UNREAD_BYTES =
            Math.clamp(HeapShare.EVENTS.limit() / 2 / 64, 64 << 10, SendQueue.MAX_BYTES);

    private static final System.Logger LOG = System.getLogger("sparrow.server");

    /** Maximum time between two checks whether the client is still there. */
    private static final Duration LOOK = Duration.ofMillis(200);

    /** Interval between comments to a waiting client. */
    public static final Duration WAITING = Duration.ofSeconds(3);

    private final ServedModel served;
    private final ServerMetrics metrics;
    private final ReplyLog log;
    private final Duration waiting;
    private final RetryTimes retries = new RetryTimes(System::nanoTime);

    /** Creates an instance for the served model. */
    public Answering(ServedModel served, ServerMetrics metrics, ReplyLog log) {
        this(served, metrics, log, WAITING);
    }

    /**
     * Creates an instance for the served model.
     *
     * @param waiting the interval between comments to a waiting client
     */
    public Answering(ServedModel served, ServerMetrics metrics, ReplyLog log, Duration waiting) {
        this.served = served;
        this.metrics = metrics;
        this.log = log;
        this.waiting = waiting;
    }

    /**
     * A request to the model.
     *
     * @param api the API by which the request arrived
     * @param model the served model, or its variant for a task
     * @param chat the encoded question and the previous turns
     * @param hearingNanos the time that encoding took
     * @param param the place of the chat in the request, for errors
     * @param caution a one-line description of changes to the request
     */
    public record ReplyRequest(
            Api api,
            SpokenModel model,
            ChatHistory chat,
            ReplyOptions options,
            long hearingNanos,
            String param,
            Optional<String> caution) {
        /** Returns the sample rate of the reply. */
        public int sampleRateHz() {
            return model.synthesizer().sampleRateHz();
        }

        /** Returns information about the depth of a reply to this request. */
        public Depth depth(PooledReply reply) {
            return depth(reply, 0);
        }

        /**
         * Returns information about the depth of a reply to this request.
         *
         * @param forgotten the number of the request's oldest turns that were omitted
         */
        public Depth depth(PooledReply reply, int forgotten) {
            return Depth.of(
                    reply, options.config().plan(), model.languageModel().layers(), forgotten, caution);
        }
    }

    /**
     * Answers a request, and returns when the reply has ended. The reply is cancelled if the client disconnects.
     *
     * @throws HttpFailure if no part of the response was written, and the reply was refused or failed
     * @throws IOException if the client has disconnected
     */
    public void answer(HttpExchange exchange, ReplyRequest request, ReplyWriter writer) throws IOException {
        int rate = request.sampleRateHz();
        // The model's thread checks before every pass whether the queue is full.
        SendQueue<ReplyEvent> events = new SendQueue<>(UNREAD_BYTES, () -> {});
        Accounting accounting = new Accounting(exchange.requestId(), request);
        ReplyListener sent = ReplyEvent.listener(event -> put(events, event, rate), () -> !events.isFull());
        ReplyHandle handle = ask(request, ReplyListener.all(accounting, sent));
        Runnable gone = () -> {
            accounting.clientGone();
            handle.cancel();
        };
        try (ClientWatch watch = exchange.watch(gone)) {
            write(events, writer, exchange, watch);
        } catch (HttpFailure e) {
            // An event reports the failure of a stream that has begun.
            writer.fail(e);
        } catch (IOException e) {
            gone.run();
            throw e;
        } finally {
            // If writing failed, the client does not receive the rest of the reply.
            handle.cancel();
        }
    }

    private ReplyHandle ask(ReplyRequest request, ReplyListener listener) {
        try {
            return LongTexts.run(
                    characters(request.chat()),
                    () -> served.pool().ask(request.model(), request.chat(), request.options(), listener));
        } catch (PoolFullException e) {
            metrics.rejected(request.api());
            throw HttpFailure.rateLimited(e.getMessage(), retries.next(e.underWay()));
        } catch (IllegalArgumentException e) {
            throw RefusedException.value(request.param(), e.getMessage());
        } catch (IllegalStateException e) {
            throw served.pool().failure().map(HttpFailure::broken).orElseGet(HttpFailure::closing);
        }
    }

    private static long characters(ChatHistory chat) {
        return chat.instructions().map(String::length).orElse(0)
                + chat.earlier().stream()
                        .mapToLong(turn -> characters(turn.question()))
                        .sum()
                + characters(chat.question());
    }

    private static long characters(Question question) {
        return switch (question) {
            case Question.Typed(String text) -> text.length();
            case Question.ToolOutputs(List<String> texts) ->
                texts.stream().mapToLong(String::length).sum();
            case Question.Mixed(List<Question> parts) ->
                parts.stream().mapToLong(Answering::characters).sum();
            case Question.Codes _, Question.Embeddings _, Question.Spoken _ -> 0;
        };
    }

    /**
     * Adds an event to the queue. Fails the reply if there is no room, because a reply whose client reads too slowly
     * must not take more memory.
     */
    private static void put(SendQueue<ReplyEvent> events, ReplyEvent event, int rateHz) {
        boolean taken = switch (event) {
            case ReplyEvent.Begun _, ReplyEvent.Decided _ -> true;
            case ReplyEvent.Text(String piece) -> events.offer(event, 2L * piece.length(), Duration.ZERO);
            case ReplyEvent.Called(ToolCall call, List<Unit> _) ->
                events.offer(event, 2L * call.arguments().length(), Duration.ZERO);
            case ReplyEvent.Speech(float[] samples) ->
                events.offer(
                        event,
                        (long) samples.length * Float.BYTES,
                        Duration.ofNanos(samples.length * 1_000_000_000L / rateHz));
            case ReplyEvent.Ended _, ReplyEvent.Failed _ -> events.offer(event, 0, Duration.ZERO);
        };
        if (!taken)
            throw new IllegalStateException(
                    "the client reads more slowly than the reply is generated; expected the reply to pause");
    }

    private void write(SendQueue<ReplyEvent> events, ReplyWriter writer, HttpExchange exchange, ClientWatch watch)
            throws IOException {
        writer.begin();
        Duration look = waiting.compareTo(LOOK) < 0 ? waiting : LOOK;
        long quietSince = System.nanoTime();
        while (true) {
            Optional<ReplyEvent> next;
            try {
                next = events.poll(look);
            } catch (InterruptedException e) {
                throw HttpFailure.closing();
            }
            boolean isQuiet = next.isEmpty() && System.nanoTime() - quietSince >= waiting.toNanos();
            boolean isDue = watch.isDue();
            if (isDue) watch.probe();
            if (isDue || isQuiet) writer.waiting();
            if (isQuiet || next.isPresent()) quietSince = System.nanoTime();
            if (next.isEmpty()) continue;
            switch (next.get()) {
                case ReplyEvent.Begun _, ReplyEvent.Decided _ -> {}
                case ReplyEvent.Text(String piece) -> writer.text(piece);
                case ReplyEvent.Speech(float[] samples) -> writer.speech(samples);
                case ReplyEvent.Called(ToolCall made, List<Unit> _) -> writer.call(made);
                case ReplyEvent.Ended(PooledReply ended) -> {
                    end(ended, writer);
                    return;
                }
                case ReplyEvent.Failed(BadToolCallException failure) -> {
                    HttpFailure failed = HttpFailure.badToolCall(failure.getMessage());
                    RefusalLog.SERVER.log(exchange.requestId(), failed.line());
                    writer.fail(failed);
                    return;
                }
                case ReplyEvent.Failed(SlowListenerException failure) -> {
                    HttpFailure failed = HttpFailure.slowReader(failure.getMessage());
                    RefusalLog.SERVER.log(exchange.requestId(), failed.line());
                    writer.fail(failed);
                    return;
                }
                case ReplyEvent.Failed(RuntimeException failure) -> {
                    String line = exchange.requestId() + ": the reply failed";
                    // A lost device is not a defect, so a stack trace would not help.
                    if (failure instanceof LostDeviceException) LOG.log(System.Logger.Level.ERROR, line);
                    else RefusalLog.defect(line, failure);
                    writer.fail(HttpFailure.fault(exchange.requestId()));
                    return;
                }
            }
        }
    }

    private static void end(PooledReply ended, ReplyWriter writer) throws IOException {
        if (ended.reply().stop() == StopReason.CANCELLED) {
            writer.fail(HttpFailure.unavailable("the reply was cancelled"));
            return;
        }
        writer.end(ended);
    }

    /** Records the outcome of a reply. */
    private final class Accounting implements ReplyListener {
        private final String requestId;
        private final ReplyRequest request;
        private final PlaybackClock playback;
        private final long since = System.nanoTime();
        private volatile boolean gone;

        Accounting(String requestId, ReplyRequest request) {
            this.requestId = requestId;
            this.request = request;
            this.playback = new PlaybackClock(request.sampleRateHz());
        }

        /** Records that the client disconnected. */
        void clientGone() {
            gone = true;
        }

        @Override
        public void speech(float[] samples) {
            playback.sent(System.nanoTime(), samples.length);
        }

        @Override
        public void ended(PooledReply reply) {
            if (reply.reply().stop() != StopReason.CANCELLED) retries.ended(System.nanoTime() - since);
            FinishedReply finished = new FinishedReply(
                    requestId,
                    request.api(),
                    ending(reply.reply().stop()),
                    request.chat().question().seconds(),
                    request.hearingNanos(),
                    reply,
                    request.sampleRateHz(),
                    playback.longestUnderrunSeconds());
            metrics.finished(finished);
            log.finished(finished);
        }

        private Ending ending(StopReason stop) {
            if (stop != StopReason.CANCELLED) return Ending.of(stop);
            return gone ? Ending.DISCONNECTED : Ending.FAILED;
        }

        @Override
        public void failed(RuntimeException failure) {
            metrics.failed(request.api());
        }
    }
}
