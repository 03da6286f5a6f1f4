package sparrow.study.compare;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import sparrow.speech.wave.Waveform;
import sparrow.study.asr.Recognizers;
import sparrow.study.asr.SpeechRecognizer;
import sparrow.study.mos.Mos;
import sparrow.study.mos.MosScorer;
import sparrow.study.mos.MosScorers;
import sparrow.study.run.Failures;

/** Recognisers and a scorer of opinions, opened. */
final class Listeners implements AutoCloseable {
    private final int threads;

    /** A recogniser hears one utterance at a time: whoever needs one takes it out and puts it back. */
    private final BlockingQueue<SpeechRecognizer> recognizers;

    private MosScorer mos;

    private Listeners(int threads) {
        this.threads = threads;
        recognizers = new ArrayBlockingQueue<>(threads);
    }

    /**
     * Opens those of a plan.
     *
     * @param threads that listen at the same time
     * @throws IllegalArgumentException in one line if something of it cannot be used
     * @throws IOException if a file cannot be read
     */
    static Listeners open(ScoringPlan plan, int threads) throws IOException {
        Listeners listeners = new Listeners(threads);
        try {
            listeners.openAll(plan);
            return listeners;
        } catch (IOException | RuntimeException e) {
            listeners.close();
            throw e;
        }
    }

    /** These; as many threads as recognisers. */
    static Listeners of(List<SpeechRecognizer> recognizers, MosScorer mos) {
        Listeners listeners = new Listeners(recognizers.size());
        listeners.recognizers.addAll(recognizers);
        listeners.mos = mos;
        return listeners;
    }

    private void openAll(ScoringPlan plan) throws IOException {
        if (plan.opinionScorer().isPresent()) mos = MosScorers.open(plan.mos());
        if (plan.recogniser().isPresent()) {
            SpeechRecognizer first = Recognizers.open(plan.asr());
            recognizers.add(first);
            int copies = first.usesAllProcessors() ? 1 : threads;
            for (int i = 1; i < copies; i++) recognizers.add(Recognizers.open(plan.asr()));
        }
    }

    int threads() {
        return threads;
    }

    /**
     * The words of some speech.
     *
     * @throws IOException if the recogniser failed
     * @throws InterruptedException if the thread is interrupted before one is free
     */
    String hear(Waveform speech) throws IOException, InterruptedException {
        SpeechRecognizer recognizer = recognizers.take();
        try {
            return recognizer.transcribe(speech);
        } finally {
            recognizers.add(recognizer);
        }
    }

    /** The scorer of opinions; empty if nothing is scored. */
    Optional<MosScorer> mos() {
        return Optional.ofNullable(mos);
    }

    /**
     * What is asked about a sound. A listener that fails is noted.
     *
     * @throws InterruptedException if the thread is interrupted: that is no failure of a listener
     */
    Heard listen(Sounds.Sound sound) throws InterruptedException {
        SortedMap<String, String> failures = new TreeMap<>();
        Waveform speech = sound.waveform();
        String words = sound.heard() ? orFailure(() -> hear(speech), Assessment.ASR, failures) : null;
        Mos score = sound.scored() ? orFailure(() -> mos.score(speech), Assessment.MOS, failures) : null;
        return new Heard(sound.sha256(), words, score, failures);
    }

    private interface Asking<T> {
        T ask() throws IOException, InterruptedException;
    }

    private static <T> T orFailure(Asking<T> asking, String who, SortedMap<String, String> failures)
            throws InterruptedException {
        try {
            return asking.ask();
        } catch (IOException e) {
            boolean timeout = e instanceof SocketTimeoutException;
            if (e instanceof InterruptedIOException && !timeout) throw new InterruptedException();
            if (Thread.currentThread().isInterrupted()) throw new InterruptedException();
            failures.put(who, Failures.reason(e));
            return null;
        }
    }

    /** Nobody may be listening. */
    @Override
    public void close() {
        recognizers.forEach(SpeechRecognizer::close);
        if (mos != null) mos.close();
    }
}
