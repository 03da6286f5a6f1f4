package sparrow.study.asr;

import java.io.IOException;
import sparrow.speech.wave.Waveform;

/** Transcribes speech, one utterance at a time. */
public interface SpeechRecognizer extends AutoCloseable {
    /**
     * The words of some speech, in the recogniser's own spelling; empty if it found none.
     *
     * @param speech at any rate
     * @throws IOException in one line, if the recogniser failed; never for the words themselves
     */
    String transcribe(Waveform speech) throws IOException;

    /** Tells that one of it keeps the whole machine busy, so that several side by side gain nothing. */
    default boolean usesAllProcessors() {
        return false;
    }

    @Override
    void close();
}
