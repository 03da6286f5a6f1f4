package sparrow.models;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import sparrow.speech.vocode.CodeBlocks;
import sparrow.speech.vocode.Noise;
import sparrow.speech.vocode.SpeechStream;
import sparrow.speech.vocode.Synthesizer;
import sparrow.speech.wave.Waveform;

/**
 * Makes sound of a reply's codes on a thread of its own, block by block, while the decoder goes on. Whatever ended the
 * reply, {@link #finish} brings out the last codes.
 */
final class SpeechOutput implements AutoCloseable {
    private final int sampleRateHz;
    private final SpeechStream stream;
    private final CodeBlocks blocks;
    private final AnswerListener listener;
    private final long start;
    private final ExecutorService vocoding = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("sparrow-vocoder").factory());
    private final List<Future<float[]>> pieces = new ArrayList<>();
    private volatile long firstAudio;
    private volatile boolean closed;

    /**
     * @param start {@link System#nanoTime} of the question
     */
    SpeechOutput(Synthesizer synthesizer, long noiseSeed, AnswerListener listener, long start) {
        this.sampleRateHz = synthesizer.sampleRateHz();
        this.blocks = synthesizer.blocks();
        this.stream = synthesizer.stream(Noise.seeded(noiseSeed));
        this.listener = listener;
        this.start = start;
    }

    /** Takes the next code of the reply. */
    void accept(int code) {
        blocks.add(code).ifPresent(block -> vocode(block, false));
    }

    /** Leaves out the latest codes, as far as they wait: so many at most. */
    void drop(int most) {
        blocks.drop(most);
    }

    /** Brings out what is left and waits until all is sound. */
    void finish() {
        int[] rest = blocks.rest();
        if (rest.length > 0 || !pieces.isEmpty()) vocode(rest, true);
        for (Future<float[]> piece : pieces) await(piece);
    }

    /** Nanoseconds from the question to the first samples; 0 if there are none. */
    long firstAudio() {
        return firstAudio;
    }

    /** All samples so far, after {@link #finish}. */
    Waveform waveform() {
        List<float[]> samples = pieces.stream().map(SpeechOutput::await).toList();
        float[] all = new float[samples.stream().mapToInt(piece -> piece.length).sum()];
        int at = 0;
        for (float[] piece : samples) {
            System.arraycopy(piece, 0, all, at, piece.length);
            at += piece.length;
        }
        return new Waveform(all, sampleRateHz);
    }

    private void vocode(int[] block, boolean last) {
        pieces.add(vocoding.submit(() -> {
            float[] samples = stream.accept(block, last);
            if (samples.length > 0) {
                if (firstAudio == 0) firstAudio = System.nanoTime() - start;
                if (!closed) listener.speech(samples);
            }
            return samples;
        }));
    }

    private static float[] await(Future<float[]> piece) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return piece.get();
                } catch (InterruptedException e) {
                    // The reply was stopped; what it said so far is still brought out whole.
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw new IllegalStateException(e.getCause());
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    /** Nobody is told of further sound. */
    @Override
    public void close() {
        closed = true;
        vocoding.shutdownNow();
    }
}
