package sparrow.speech.asr;

import java.io.IOException;
import java.util.Optional;
import java.util.ServiceLoader;
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

    /** Opens recognisers as the command line names them. */
    interface Opener {
        /**
         * Opens one.
         *
         * @param notation such as {@code whisper:FILE}
         * @throws IllegalArgumentException in one line if the notation is another, a file is bad, or a key is missing
         * @throws IOException if a file cannot be read
         */
        SpeechRecognizer open(String notation) throws IOException;

        /** The installed one; empty without the module {@code study}. */
        static Optional<Opener> find() {
            return ServiceLoader.load(Opener.class).findFirst();
        }
    }
}
