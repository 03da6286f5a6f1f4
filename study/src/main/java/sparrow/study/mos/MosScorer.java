package sparrow.study.mos;

import java.io.IOException;
import sparrow.speech.wave.Waveform;

/** Predicts opinion scores of speech. Thread-safe. */
public interface MosScorer extends AutoCloseable {
    /**
     * Scores speech of any sample rate and length.
     *
     * @throws IllegalArgumentException if there are no samples
     * @throws IOException if scoring fails
     */
    Mos score(Waveform speech) throws IOException;

    @Override
    default void close() {}
}
