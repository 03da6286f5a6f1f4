package sparrow.server.reply;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import sparrow.server.audio.Sound;
import sparrow.server.message.HeapShare;
import sparrow.server.message.RefusedException;
import sparrow.speech.asr.SpeechRecognizer;

/** Transcribes recordings, one at a time, with a recogniser instead of the model. Thread-safe. */
public final class RecognizerQueue implements AutoCloseable {
    private static final int MAX_WAITING = 64;

    private final SpeechRecognizer recognizer;
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform().daemon().name("sparrow-recognizer").factory(),
            (_, thread) -> {
                throw thread.isShutdown() ? closing() : full();
            });

    /**
     * Creates an empty queue.
     *
     * @param recognizer the recogniser, which is closed with this queue
     */
    public RecognizerQueue(SpeechRecognizer recognizer) {
        this.recognizer = recognizer;
    }

    /**
     * Transcribes speech asynchronously. Cancelling the result removes the speech from the queue.
     *
     * @param samples the length of the speech
     * @param speech a supplier of the speech, called immediately if there is room for the speech
     * @throws RefusedException if too many recordings are waiting, or if this queue is closed
     */
    public CompletableFuture<String> transcribe(int samples, Supplier<Sound> speech) {
        long bytes = (long) samples * Short.BYTES;
        // Check this before the speech is created. The queue itself checks it again.
        if (thread.getQueue().remainingCapacity() == 0 || !HeapShare.RECORDINGS.take(bytes)) throw full();
        try {
            Sound sound = speech.get();
            CompletableFuture<String> text = new CompletableFuture<>();
            Runnable task = () -> {
                String words = null;
                Throwable failure = null;
                try {
                    if (!text.isDone()) words = words(sound);
                } catch (IOException | RuntimeException | Error e) {
                    failure = e;
                }
                // Release the room before completing the result.
                HeapShare.RECORDINGS.add(-bytes);
                if (failure == null) text.complete(words);
                else text.completeExceptionally(failure);
            };
            thread.execute(task);
            // A cancelled task makes room for another task.
            text.whenComplete((_, _) -> {
                if (thread.remove(task)) HeapShare.RECORDINGS.add(-bytes);
            });
            return text;
        } catch (RuntimeException | Error e) {
            HeapShare.RECORDINGS.add(-bytes);
            throw e;
        }
    }

    private String words(Sound speech) throws IOException {
        if (thread.isShutdown()) throw closing();
        return recognizer.transcribe(speech.waveform());
    }

    private static RefusedException closing() {
        return new RefusedException(RefusedException.UNAVAILABLE, null, "the server is closing");
    }

    private static RefusedException full() {
        return new RefusedException(
                "rate_limit_exceeded",
                null,
                "busy: too many recordings are waiting to be transcribed; try again later");
    }

    /** Closes the queue. A running recogniser is not interrupted; its thread ends with the process. */
    @Override
    public void close() {
        // Complete the waiting tasks.
        thread.shutdownNow().forEach(Runnable::run);
        try {
            if (thread.awaitTermination(10, TimeUnit.SECONDS)) recognizer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
