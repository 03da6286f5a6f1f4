package sparrow.server.realtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import sparrow.engine.reply.StopReason;
import sparrow.models.pool.PoolFullException;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyHandle;
import sparrow.server.reply.ReplyEvent;
import sparrow.server.reply.TaskUsage;

/**
 * Writes down what the user said, beside the responses and one recording after the other, so that a session has one place of the pool
 * for it at most.
 */
final class InputTranscriptions {
    private final ConversationBackend model;
    private final History history;
    private final Client client;
    private final SessionObserver observer;
    private final Deque<Said> waiting = new ArrayDeque<>();
    private Optional<ReplyHandle> running = Optional.empty();
    private boolean closed;

    /** A recording and its place. */
    private record Said(KeptAudio.Key key, Recording recording) {}

    InputTranscriptions(ConversationBackend model, History history, Client client, SessionObserver observer) {
        this.model = model;
        this.history = history;
        this.client = client;
        this.observer = observer;
    }

    /** The model has listened to a recording, whose text is wanted once its item is in the conversation. */
    void add(KeptAudio.Key key, Recording recording) {
        waiting.add(new Said(key, recording));
    }

    /** Begins the next one, if none is under way. */
    void next() {
        waiting.removeIf(said -> history.find(said.key().itemId()).isEmpty());
        while (running.isEmpty() && !closed && !waiting.isEmpty()) begin(waiting.poll());
    }

    private void begin(Said said) {
        switch (said.recording().heard()) {
            case Heard.Something(var question, long _) -> {
                try {
                    running = Optional.of(model.transcribe(question, event -> take(said, event), client::isReady));
                } catch (PoolFullException e) {
                    fail(said, Problem.RATE_LIMIT, e.getMessage());
                } catch (IllegalArgumentException e) {
                    fail(said, "unsupported_feature", e.getMessage());
                } catch (IllegalStateException e) {
                    fail(said, Problem.SERVER, e.getMessage());
                }
            }
            case Heard.Nothing(String why) -> fail(said, "invalid_value", why);
            case Heard.NotYet() -> throw new IllegalStateException("recording: expected one that was heard");
        }
    }

    private void take(Said said, ReplyEvent event) {
        switch (event) {
            case ReplyEvent.Begun _, ReplyEvent.Decided _, ReplyEvent.Called _, ReplyEvent.Speech _ -> {}
            case ReplyEvent.Text(String piece) -> {
                if (!closed) client.send(new ServerEvent.InputTranscriptDelta(said.key(), piece));
            }
            case ReplyEvent.Ended(PooledReply reply) -> ended(said, reply);
            case ReplyEvent.Failed(RuntimeException failure) -> {
                observer.failed(said.key().itemId(), failure);
                over(() -> fail(said, Problem.SERVER, "the transcription broke off"));
            }
        }
    }

    private void ended(Said said, PooledReply reply) {
        observer.transcribed(said.key().itemId(), said.recording().seconds(), reply);
        over(() -> {
            if (reply.reply().stop() == StopReason.CANCELLED) {
                fail(said, Problem.SERVER, "the transcription was cancelled");
                return;
            }
            said.recording().transcribed(reply.text());
            client.send(new ServerEvent.InputTranscribed(said.key(), reply.text(), TaskUsage.heard(reply)));
        });
    }

    private void over(Runnable tell) {
        running = Optional.empty();
        if (closed) return;
        tell.run();
        next();
    }

    private void fail(Said said, String code, String why) {
        Problem problem = Problem.of(code, why, Optional.empty());
        client.send(new ServerEvent.InputTranscriptionFailed(said.key(), problem));
        observer.refused(problem);
    }

    /** The client is gone. */
    void close() {
        closed = true;
        waiting.clear();
        running.ifPresent(ReplyHandle::cancel);
    }
}
