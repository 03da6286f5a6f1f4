package sparrow.study.scoring;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import sparrow.speech.asr.SpeechRecognizer;
import sparrow.speech.wave.Waveform;
import sparrow.study.asr.Recognizers;
import sparrow.study.mos.Mos;
import sparrow.study.mos.MosScorer;
import sparrow.study.mos.MosScorers;
import sparrow.study.run.Failures;

/** An open recogniser and opinion scorer, which score several clips concurrently. */
public final class AudioScorer implements AutoCloseable {
    private final int threads;

    /**
     * Recognisers that are not in use. A recogniser transcribes one utterance at a time, so each thread removes a
     * recogniser from the queue and returns it afterwards.
     */
    private final BlockingQueue<SpeechRecognizer> recognizers;

    private MosScorer mos;

    private AudioScorer(int threads) {
        this.threads = threads;
        recognizers = new ArrayBlockingQueue<>(threads);
    }

    /**
     * Opens a recogniser and an opinion scorer.
     *
     * @param asr a recogniser, or {@code none}, in the notation of {@link ScoringPlan}
     * @param mos an opinion scorer, or {@code none}, in the notation of {@link ScoringPlan}
     * @param threads number of concurrent threads
     * @throws IllegalArgumentException if a scorer cannot be used; the message is one line
     * @throws IOException if a file cannot be read
     */
    static AudioScorer open(String asr, String mos, int threads) throws IOException {
        AudioScorer scorer = new AudioScorer(threads);
        try {
            scorer.openAll(asr, mos);
            return scorer;
        } catch (IOException | RuntimeException e) {
            scorer.close();
            throw e;
        }
    }

    /** Creates a scorer with one thread per recogniser. */
    static AudioScorer of(List<SpeechRecognizer> recognizers, MosScorer mos) {
        AudioScorer scorer = new AudioScorer(recognizers.size());
        scorer.recognizers.addAll(recognizers);
        scorer.mos = mos;
        return scorer;
    }

    private void openAll(String asr, String opinion) throws IOException {
        if (ScoringPlan.named(opinion).isPresent()) mos = MosScorers.open(opinion);
        if (ScoringPlan.named(asr).isPresent()) {
            SpeechRecognizer first = Recognizers.open(asr);
            recognizers.add(first);
            int copies = first.usesAllProcessors() ? 1 : threads;
            for (int i = 1; i < copies; i++) recognizers.add(Recognizers.open(asr));
        }
    }

    int threads() {
        return threads;
    }

    /**
     * Scores a clip. A failure of the recogniser or the scorer is recorded in the result.
     *
     * @throws InterruptedException if the thread is interrupted, which is not recorded as a failure
     */
    public AudioScores score(Clip clip) throws InterruptedException {
        SortedMap<String, String> failures = new TreeMap<>();
        Waveform speech = clip.waveform();
        String transcript =
                clip.wantsTranscript() ? orFailure(() -> transcribe(speech), AudioScores.ASR, failures) : null;
        Mos score = clip.wantsMos() ? orFailure(() -> mos.score(speech), AudioScores.MOS, failures) : null;
        return new AudioScores(clip.sha256(), transcript, score, failures);
    }

    private String transcribe(Waveform speech) throws IOException, InterruptedException {
        SpeechRecognizer recognizer = recognizers.take();
        try {
            return recognizer.transcribe(speech);
        } finally {
            recognizers.add(recognizer);
        }
    }

    private interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    private static <T> T orFailure(Attempt<T> attempt, String key, SortedMap<String, String> failures)
            throws InterruptedException {
        try {
            return attempt.run();
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) throw new InterruptedException();
            failures.put(key, Failures.reason(e));
            return null;
        }
    }

    /** Closes the scorers. Must not be called while a clip is being scored. */
    @Override
    public void close() {
        recognizers.forEach(SpeechRecognizer::close);
        if (mos != null) mos.close();
    }
}
