package sparrow.study.compare;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import sparrow.engine.decode.Reply;
import sparrow.models.SpokenModel;
import sparrow.speech.vocode.Noise;
import sparrow.speech.vocode.Synthesizer;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.run.Failures;
import sparrow.study.run.KeptReply;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.Replies;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.StudyQuestion;

/**
 * Makes sound of replies on a thread of its own, and keeps both, while the next replies are decoded. Every reply is
 * vocoded whole, with the noise of the same seed: the same codes give the same sound, whatever came before.
 */
final class SpeechWriter implements AutoCloseable {
    /** Replies that may wait to be vocoded: enough to keep the thread busy, few enough to lose. */
    private static final int WAITING = 64;

    private static final long PATIENCE_SECONDS = 15;

    private final SpokenModel model;
    private final CompareFiles files;
    private final long noiseSeed;
    private final Runnable kept;
    private final ExecutorService vocoding = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("sparrow-vocoder").factory());
    private final Deque<Future<?>> waiting = new ArrayDeque<>();

    /** What was vocoded of the present batch; only the vocoding thread looks. */
    private final Map<Utterance, Sound> vocoded = new HashMap<>();

    /** Rows often give the same codes, which need not become sound again. */
    private record Utterance(StudyQuestion asked, List<Integer> codes) {}

    private record Sound(byte[] wav, double seconds) {}

    /**
     * @param noiseSeed of the sound
     * @param kept told of every reply that is kept, on the vocoding thread
     */
    SpeechWriter(SpokenModel model, CompareFiles files, long noiseSeed, Runnable kept) {
        this.model = model;
        this.files = files;
        this.noiseSeed = noiseSeed;
        this.kept = kept;
    }

    /** Takes a reply; waits while too many wait already. */
    void accept(PolicyCase row, StudyQuestion asked, int promptTokens, Reply reply) throws IOException {
        waiting.add(vocoding.submit(() -> {
            keep(row, asked, promptTokens, reply);
            return null;
        }));
        while (waiting.size() > WAITING) await(waiting.poll());
    }

    /** Other questions follow. */
    void nextBatch() {
        waiting.add(vocoding.submit(vocoded::clear));
    }

    /** Waits until all replies are kept. */
    void finish() throws IOException {
        while (!waiting.isEmpty()) await(waiting.poll());
    }

    private void keep(PolicyCase row, StudyQuestion asked, int promptTokens, Reply reply) throws IOException {
        int[] codes = model.languageModel().tokens().codes(reply.tokens());
        KeptReply.Speech speech = null;
        if (codes.length > 0) {
            Sound sound = vocoded.computeIfAbsent(
                    new Utterance(asked, Arrays.stream(codes).boxed().toList()), _ -> vocode(codes));
            speech = files.keepSound(sound.wav(), sound.seconds(), row, asked);
        }
        String text = Replies.text(model, reply.tokens());
        files.keep(KeptReply.of(reply, text, promptTokens, speech), row, asked);
        kept.run();
    }

    private Sound vocode(int[] codes) {
        Synthesizer synthesizer = model.synthesizer();
        float[] samples = synthesizer.synthesize(codes, Noise.seeded(noiseSeed));
        Waveform speech = new Waveform(samples, synthesizer.sampleRateHz());
        return new Sound(WavFile.bytes(speech, SampleFormat.PCM16), speech.seconds());
    }

    private static void await(Future<?> reply) throws IOException {
        try {
            reply.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunStoppedException();
        } catch (ExecutionException e) {
            throw Failures.of(e);
        }
    }

    /** Lets the reply that is being vocoded be finished; those that wait are lost. */
    @Override
    public void close() {
        vocoding.shutdown();
        waiting.forEach(reply -> reply.cancel(false));
        boolean interrupted = Thread.interrupted();
        try {
            vocoding.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
