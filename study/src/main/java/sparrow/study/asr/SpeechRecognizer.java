package sparrow.study.asr;

import java.io.IOException;
import sparrow.speech.wave.Waveform;

/** Hears words in speech. One utterance at a time. */
public interface SpeechRecognizer extends AutoCloseable {
    /**
     * The words that were said, in the recogniser's own spelling; empty if it heard none.
     *
     * @param speech at any rate
     * @throws IOException in one line, if the recogniser failed; never for what was said
     */
    String transcribe(Waveform speech) throws IOException;

    /** Whether one of it keeps the whole machine busy, so that several side by side gain nothing. */
    default boolean usesAllProcessors() {
        return false;
    }

    /** What it is and what it was given, on one line: for reports. */
    String name();

    @Override
    void close();
}
