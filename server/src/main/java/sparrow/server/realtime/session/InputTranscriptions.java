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
    private final Deque<Input> waiting = new ArrayDeque<>();

    private final Runnable soundGone;
    private Optional<Running> running = Optional.empty();

    private boolean closed;

    /**
     * A recording to be transcribed. The sound is empty unless the recogniser transcribes it.
     *
     * @param kept whether later prompts may contain the recording
     */
    private record Input(Content.Key key, Recording recording, Optional<Sound> sound, boolean kept) {
        int samples() {
            return sound.map(Sound::length).orElse(0);
        }
    }

    /** The running transcription. */
    private record Running(Input input, Runnable end) {}

    /** @param soundGone an action that is run when {@link #samples} has decreased */
    InputTranscriptions(
            ConversationBackend model, History history, Client client, SessionObserver observer, Runnable soundGone) {
        this.soundGone = soundGone;
        this.model = model;
        this.history = history;
        this.client = client;
        this.observer = observer;
    }

    /**
     * Adds an encoded recording. It is transcribed once its item has been added to the conversation.
     *
     * @param kept whether later prompts may contain the recording; otherwise it is released after its transcription
     */
    void add(Content.Key key, Recording recording, Sound sound, boolean kept) {
        waiting.add(new Input(key, recording, Optional.of(sound).filter(_ -> model.recognizes()), kept));
    }

    /** Returns the number of samples that are stored until a recogniser has transcribed them. */
    long samples() {
        return Stream.concat(waiting.stream(), running.stream().map(Running::input))
                .mapToLong(Input::samples)
                .sum();
    }

    /** Starts the next transcription if no transcription is running. */
    void next() {
        waiting.removeIf(input -> history.find(input.key().itemId()).isEmpty());
        while (running.isEmpty() && !closed && !waiting.isEmpty()) begin(waiting.poll());
    }

    private void begin(Input input) {
        try {
            Runnable end =
                    input.sound().isPresent() ? recognize(input, input.sound().get()) : transcribe(input);
            running = Optional.of(new Running(input, end));
        } catch (RefusedException e) {
            fail(input, e.code(), e.getMessage());
        } catch (PoolFullException e) {
            fail(input, Problem.RATE_LIMIT, e.getMessage());
        } catch (IllegalArgumentException e) {
            fail(input, "unsupported_feature", e.getMessage());
        } catch (IllegalStateException e) {
            fail(input, Problem.SERVER, e.getMessage());
        }
    }

    private Runnable transcribe(Input input) {
        return switch (input.recording().heard()) {
            case Heard.Something(var question, long _) ->
                model.transcribe(question, event -> take(input, event), client::isReady)::cancel;
            case Heard.Nothing(String why) -> throw RefusedException.value(null, why);
            case Heard.NotYet() -> throw new IllegalStateException("recording: expected an encoded one");
        };
    }

    private Runnable recognize(Input input, Sound sound) {
        Future<?> text = model.recognize(sound, (words, failure) -> recognized(input, words, failure));
        return () -> text.cancel(false);
    }

    private void recognized(Input input, String words, Throwable failure) {
        if (closed) return;
        if (failure == null) {
            finish(() -> {
                // The transcript is sent in one piece, as with OpenAI's whisper-1.
                if (!words.isEmpty()) client.send(new ServerEvent.InputTranscriptDelta(input.key(), words));
                completed(input, words, TaskUsage.seconds(input.recording().seconds()));
            });
        } else {
            observer.unrecognized(input.key().itemId(), failure);
            brokeOff(input);
        }
    }

    private void brokeOff(Input input) {
        finish(() -> fail(input, Problem.SERVER, "the transcription failed"));
    }

    private void completed(Input input, String text, TaskUsage usage) {
        input.recording().transcribed(text);
        if (!input.kept()) input.recording().forget();
        client.send(new ServerEvent.InputTranscribed(input.key(), text, usage));
    }

    private void take(Input input, ReplyEvent event) {
        switch (event) {
            case ReplyEvent.Begun _, ReplyEvent.Decided _, ReplyEvent.Called _, ReplyEvent.Speech _ -> {}
            case ReplyEvent.Text(String piece) -> {
                if (!closed) client.send(new ServerEvent.InputTranscriptDelta(input.key(), piece));
            }
            case ReplyEvent.Ended(PooledReply reply) -> ended(input, reply);
            case ReplyEvent.Failed(RuntimeException failure) -> {
                observer.failed(input.key().itemId(), failure);
                brokeOff(input);
            }
        }
    }

    private void ended(Input input, PooledReply reply) {
        observer.transcribed(input.key().itemId(), input.recording().seconds(), reply);
        finish(() -> {
            if (reply.reply().stop() == StopReason.CANCELLED) {
                fail(input, Problem.SERVER, "the transcription was cancelled");
                return;
            }
            completed(input, reply.text(), TaskUsage.heard(reply));
        });
    }

    private void finish(Runnable notification) {
        running = Optional.empty();
        if (closed) return;
        notification.run();
        next();
        soundGone.run();
    }

    private void fail(Input input, String code, String why) {
        if (!input.kept()) input.recording().forget();
        Problem problem = Problem.of(code, why);
        client.send(new ServerEvent.InputTranscriptionFailed(input.key(), problem));
        observer.refused(problem);
    }

    void close() {
        closed = true;
        waiting.clear();
        running.map(Running::end).ifPresent(Runnable::run);
    }
}
