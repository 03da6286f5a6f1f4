package sparrow.server.realtime.session;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import sparrow.models.Question;
import sparrow.server.audio.Sound;
import sparrow.server.message.RefusalLog;
import sparrow.server.realtime.event.Problem;
import sparrow.server.realtime.event.Recording.Heard;

/** The threads that encode speech for all sessions. A finished turn never waits for an unfinished turn. */
public record EncoderThreads(ThreadPoolExecutor finished, ExecutorService unfinished) implements AutoCloseable {
    /** Starts two threads for finished turns and one thread for unfinished turns. */
    public static EncoderThreads start() {
        return new EncoderThreads(
                new ThreadPoolExecutor(
                        2,
                        2,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().daemon().name("sparrow-hearing-", 0).factory()),
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("sparrow-expecting").factory()));
    }

    /**
     * Encodes a finished turn. The result always completes, so that no response waits forever. Cancelling the result
     * removes the turn from the queue and releases its audio.
     *
     * @param ears a function that encodes a recording
     */
    CompletableFuture<Heard> hear(UnaryOperator<Question> ears, Sound speech) {
        CompletableFuture<Heard> outcome = new CompletableFuture<>();
        Runnable task = () -> outcome.complete(heard(ears, speech));
        try {
            finished.execute(task);
        } catch (RejectedExecutionException e) {
            outcome.complete(new Heard.Nothing(Problem.SHUTTING_DOWN));
        }
        outcome.whenComplete((_, _) -> finished.remove(task));
        return outcome;
    }

    private static Heard heard(UnaryOperator<Question> ears, Sound speech) {
        long start = System.nanoTime();
        try {
            Question question = ears.apply(new Question.Spoken(speech.waveform()));
            return new Heard.Something(question, System.nanoTime() - start);
        } catch (IllegalArgumentException | IllegalStateException e) {
            return new Heard.Nothing(e.getMessage());
        } catch (RuntimeException | Error e) {
            // This is a defect, or there is not enough memory for this recording. Other recordings are not affected.
            RefusalLog.defect("a recording could not be encoded", e);
            return new Heard.Nothing("the server could not encode the recording");
        }
    }

    @Override
    public void close() {
        unfinished.shutdownNow();
        finished.shutdownNow();
    }
}
