package sparrow.server.realtime.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import sparrow.engine.reply.StopReason;
import sparrow.models.pool.PoolFullException;
import sparrow.models.pool.PooledReply;
import sparrow.server.audio.Sound;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.Content;
import sparrow.server.realtime.event.Problem;
import sparrow.server.realtime.event.Recording;
import sparrow.server.realtime.event.Recording.Heard;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.reply.ReplyEvent;
import sparrow.server.reply.TaskUsage;

/**
 * Transcribes the user's speech concurrently with responses. Recordings are transcribed one after the other, so that a
 * session occupies at most one place in the pool for transcription.
 */
final class InputTranscriptions {
    private final ConversationBackend model;
    private final History history;
    private final Client client;
    private final SessionObserver observer;
    private final Deque<Said> waiting = new ArrayDeque<>();

    private final Runnable soundGone;
    private Optional<Running> running = Optional.empty();

    private boolean closed;

    /** A recording to be transcribed. The sound is empty unless the recogniser transcribes it. */
    private record Said(Content.Key key, Recording recording, Optional<Sound> sound) {
        int samples() {
            return sound.map(Sound::length).orElse(0);
        }
    }

    /** The running transcription. */
    private record Running(Said said, Runnable end) {}

    /** @param soundGone an action that is run when {@link #samples} has decreased */
    InputTranscriptions(
            ConversationBackend model, History history, Client client, SessionObserver observer, Runnable soundGone) {
        this.soundGone = soundGone;
        this.model = model;
        this.history = history;
        this.client = client;
        this.observer = observer;
    }

    /** Adds an encoded recording. It is transcribed once its item has been added to the conversation. */
    void add(Content.Key key, Recording recording, Sound sound) {
        waiting.add(new Said(key, recording, Optional.of(sound).filter(_ -> model.recognizes())));
    }

    /** Returns the number of samples that are stored until a recogniser has transcribed them. */
    long samples() {
        return Stream.concat(waiting.stream(), running.stream().map(Running::said))
                .mapToLong(Said::samples)
                .sum();
    }

    /** Starts the next transcription if no transcription is running. */
    void next() {
        waiting.removeIf(said -> history.find(said.key().itemId()).isEmpty());
        while (running.isEmpty() && !closed && !waiting.isEmpty()) begin(waiting.poll());
    }

    private void begin(Said said) {
        try {
            Runnable end =
                    said.sound().isPresent() ? recognize(said, said.sound().get()) : transcribe(said);
            running = Optional.of(new Running(said, end));
        } catch (RefusedException e) {
            fail(said, e.code(), e.getMessage());
        } catch (PoolFullException e) {
            fail(said, Problem.RATE_LIMIT, e.getMessage());
        } catch (IllegalArgumentException e) {
            fail(said, "unsupported_feature", e.getMessage());
        } catch (IllegalStateException e) {
            fail(said, Problem.SERVER, e.getMessage());
        }
    }

    private Runnable transcribe(Said said) {
        return switch (said.recording().heard()) {
            case Heard.Something(var question, long _) ->
                model.transcribe(question, event -> take(said, event), client::isReady)::cancel;
            case Heard.Nothing(String why) -> throw RefusedException.value(null, why);
            case Heard.NotYet() -> throw new IllegalStateException("recording: expected an encoded one");
        };
    }

    private Runnable recognize(Said said, Sound sound) {
        Future<?> text = model.recognize(sound, (words, failure) -> recognized(said, words, failure));
        return () -> text.cancel(false);
    }

    private void recognized(Said said, String words, Throwable failure) {
        if (closed) return;
        if (failure == null) {
            over(() -> {
                // The transcript is sent in one piece, as with OpenAI's whisper-1.
                if (!words.isEmpty()) client.send(new ServerEvent.InputTranscriptDelta(said.key(), words));
                completed(said, words, TaskUsage.seconds(said.recording().seconds()));
            });
        } else {
            observer.unrecognized(said.key().itemId(), failure);
            brokeOff(said);
        }
    }

    private void brokeOff(Said said) {
        over(() -> fail(said, Problem.SERVER, "the transcription failed"));
    }

    private void completed(Said said, String text, TaskUsage usage) {
        said.recording().transcribed(text);
        client.send(new ServerEvent.InputTranscribed(said.key(), text, usage));
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
                brokeOff(said);
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
            completed(said, reply.text(), TaskUsage.heard(reply));
        });
    }

    private void over(Runnable tell) {
        running = Optional.empty();
        if (closed) return;
        tell.run();
        next();
        soundGone.run();
    }

    private void fail(Said said, String code, String why) {
        Problem problem = Problem.of(code, why);
        client.send(new ServerEvent.InputTranscriptionFailed(said.key(), problem));
        observer.refused(problem);
    }

    void close() {
        closed = true;
        waiting.clear();
        running.map(Running::end).ifPresent(Runnable::run);
    }
}
