package sparrow.study.mos;

import java.io.IOException;
import sparrow.speech.wave.Waveform;

/** What predicts the opinion score of speech. May be asked by several threads at once. */
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
