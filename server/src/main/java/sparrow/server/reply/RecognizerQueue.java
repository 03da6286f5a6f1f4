package sparrow.server.reply;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import sparrow.speech.asr.SpeechRecognizer;
import sparrow.speech.wave.Waveform;

/** Has a recogniser write down recordings in place of the model, one after the other. Safe for every thread. */
public final class RecognizerQueue implements AutoCloseable {
    private static final int MOST_WAITING = 64;

    /** Of all recordings that are written down or wait. */
    private static final int MOST_SAMPLES = 1 << 26;

    private final SpeechRecognizer recognizer;
    private final Semaphore room = new Semaphore(MOST_SAMPLES);
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("sparrow-recognizer").factory());

    /** @param recognizer closed with this */
    public RecognizerQueue(SpeechRecognizer recognizer) {
        this.recognizer = recognizer;
    }

    /**
     * The words of some speech, later; cancelled, they are not looked for.
     *
     * @param samples of the speech
     * @param speech is taken when its turn comes
     * @throws RefusedException if too much waits
     */
    public CompletableFuture<String> transcribe(int samples, Supplier<Waveform> speech) {
        if (!room.tryAcquire(samples)) throw full();
        try {
            CompletableFuture<String> text = CompletableFuture.supplyAsync(() -> words(speech.get()), thread);
            text.whenComplete((_, _) -> room.release(samples));
            return text;
        } catch (RejectedExecutionException e) {
            room.release(samples);
            throw full();
        }
    }

    private String words(Waveform speech) {
        try {
            return recognizer.transcribe(speech);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RefusedException full() {
        return new RefusedException(
                "rate_limit_exceeded", null, "busy: too many recordings wait to be written down; try again later");
    }

    /** A recogniser at work is not taken away: it goes with the process. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (thread.awaitTermination(10, TimeUnit.SECONDS)) recognizer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
