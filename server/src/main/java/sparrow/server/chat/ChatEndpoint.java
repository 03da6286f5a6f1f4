package sparrow.server.chat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.device.LostDeviceException;
import sparrow.engine.reply.StopReason;
import sparrow.models.pool.PoolFullException;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyHandle;
import sparrow.models.pool.ReplyListener;
import sparrow.models.pool.ReplyOptions;
import sparrow.models.pool.SpeechMode;
import sparrow.server.audio.SendQueue;
import sparrow.server.http.Call;
import sparrow.server.http.ClientWatch;
import sparrow.server.http.Endpoint;
import sparrow.server.http.HttpFailure;
import sparrow.server.metrics.Api;
import sparrow.server.metrics.ReplyLog;
import sparrow.server.metrics.ServerMetrics;
import sparrow.server.reply.RefusedException;
import sparrow.server.reply.ReplyEvent;
import sparrow.server.reply.ServedModel;

/** {@code POST /v1/chat/completions}. */
public final class ChatEndpoint implements Endpoint {
    private static final System.Logger LOG = System.getLogger("sparrow.server");

    /** How often a client that waits is told that it does. */
    private static final Duration WAITING = Duration.ofSeconds(3);

    private final ServedModel served;
    private final ServerMetrics metrics;
    private final ReplyLog log;
    private final KeptReplies kept;
    private final ChatRequestReader reader;
    private final Clock clock;
    private final Duration waiting;

    /**
     * Of the model that is served.
     *
     * @param clock of the times that clients are told
     */
    public ChatEndpoint(ServedModel served, ServerMetrics metrics, ReplyLog log, Clock clock) {
        this(served, metrics, log, clock, WAITING);
    }

    ChatEndpoint(ServedModel served, ServerMetrics metrics, ReplyLog log, Clock clock, Duration waiting) {
        this.waiting = waiting;
        this.served = served;
        this.metrics = metrics;
        this.log = log;
        this.clock = clock;
        this.kept = new KeptReplies(clock);
        this.reader = new ChatRequestReader(served, kept, new AudioEncoderService(served.model()));
    }

    @Override
    public void answer(Call call) throws IOException {
        ChatRequest request = call.json(reader::read);
        GenerationConfig config = request.overrides().over(served.defaults(), served.model());
        Reply reply = Reply.begin(served, request, config, clock.instant(), kept.expiry());
        int rate = served.model().synthesizer().sampleRateHz();
        // The model's thread asks before every pass whether there is room.
        SendQueue<ReplyEvent> events = new SendQueue<>(() -> {});
        Accounting.Asked asked =
                new Accounting.Asked(call.requestId(), request.chat().question(), request.hearingNanos());
        Accounting accounting = new Accounting(metrics, log, asked, rate);
        ReplyListener sent = ReplyEvent.listener(event -> put(events, event, rate), () -> !events.isFull());
        ReplyHandle handle = ask(request, config, ReplyListener.both(accounting, sent));
        Runnable gone = () -> {
            accounting.clientGone();
            handle.cancel();
        };
        try (ClientWatch _ = call.watch(gone)) {
            write(events, reply, request.stream() ? new StreamWriter(call, reply) : new WholeWriter(call, reply), call);
        } catch (IOException e) {
            gone.run();
            throw e;
        } finally {
            // Whatever went wrong: nobody hears it any more.
            handle.cancel();
        }
    }

    private ReplyHandle ask(ChatRequest request, GenerationConfig config, ReplyListener listener) {
        SpeechMode speechMode = request.audio().isPresent() ? SpeechMode.PUBLISHED : SpeechMode.SILENT;
        try {
            return served.pool().ask(request.chat(), new ReplyOptions(config, speechMode), listener);
        } catch (PoolFullException e) {
            metrics.rejected(Api.CHAT);
            throw HttpFailure.busy(e.getMessage(), Duration.ofSeconds(1));
        } catch (IllegalArgumentException e) {
            throw RefusedException.value("messages", e.getMessage());
        } catch (IllegalStateException e) {
            throw HttpFailure.unavailable(
                    served.pool().failure().orElse("the server is closing"), Duration.ofSeconds(5));
        }
    }

    /** A client that takes too little gets nothing more made: that holds up this reply and no other. */
    private static void put(SendQueue<ReplyEvent> events, ReplyEvent event, int rateHz) {
        boolean taken = switch (event) {
            case ReplyEvent.Begun _, ReplyEvent.Decided _ -> true;
            case ReplyEvent.Text(String piece) -> events.offer(event, 2L * piece.length(), Duration.ZERO);
            case ReplyEvent.Speech(float[] samples) ->
                events.offer(
                        event,
                        (long) samples.length * Float.BYTES,
                        Duration.ofNanos(samples.length * 1_000_000_000L / rateHz));
            case ReplyEvent.Ended _, ReplyEvent.Failed _ -> events.offer(event, 0, Duration.ZERO);
        };
        if (!taken) throw new IllegalStateException("the client takes less than the reply makes; expected it to wait");
    }

    private void write(SendQueue<ReplyEvent> events, Reply reply, ReplyWriter writer, Call call) throws IOException {
        writer.begin();
        while (true) {
            Optional<ReplyEvent> next;
            try {
                next = events.poll(waiting);
            } catch (InterruptedException e) {
                throw HttpFailure.unavailable("the server is closing", Duration.ofSeconds(5));
            }
            if (next.isEmpty()) {
                writer.waiting();
                continue;
            }
            switch (next.get()) {
                case ReplyEvent.Begun _, ReplyEvent.Decided _ -> {}
                case ReplyEvent.Text(String piece) -> writer.text(piece);
                case ReplyEvent.Speech(float[] samples) -> writer.speech(samples);
                case ReplyEvent.Ended(PooledReply ended) -> {
                    end(ended, reply, writer);
                    return;
                }
                case ReplyEvent.Failed(RuntimeException failure) -> {
                    String line = call.requestId() + ": the reply broke off";
                    // A lost device is no defect: where the reply was does not matter.
                    if (failure instanceof LostDeviceException) LOG.log(System.Logger.Level.ERROR, line);
                    else LOG.log(System.Logger.Level.ERROR, line, failure);
                    writer.fail(HttpFailure.fault(call.requestId()));
                    return;
                }
            }
        }
    }

    private void end(PooledReply ended, Reply reply, ReplyWriter writer) throws IOException {
        if (ended.reply().stop() == StopReason.CANCELLED) {
            writer.fail(HttpFailure.unavailable("the reply was cancelled", Duration.ofSeconds(1)));
            return;
        }
        if (reply.request().audio().isPresent()) kept.keep(reply.audioId(), ended.units(), reply.expires());
        writer.end(ended);
    }
}
