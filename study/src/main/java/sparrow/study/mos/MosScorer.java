package sparrow.study.mos;

import java.io.IOException;
import sparrow.speech.wave.Waveform;

/** Predicts opinion scores of speech. Several threads may ask at once. */
public interface MosScorer extends AutoCloseable {
    /** Its name in reports. */
    String name();

    /**
     * Scores speech of any rate and length.
     *
     * @throws IllegalArgumentException if there is no sample
     * @throws IOException if there is no score at the end
     */
    Mos score(Waveform speech) throws IOException;

    @Override
    default void close() {}
}
