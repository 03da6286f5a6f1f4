package sparrow.speech.asr;

import java.io.IOException;
import java.util.Optional;
import java.util.ServiceLoader;
import sparrow.speech.wave.Waveform;

/** Transcribes speech, one utterance at a time. */
public interface SpeechRecognizer extends AutoCloseable {
    /**
     * Returns the transcript of an utterance, or an empty string if no words were recognised.
     *
     * @param speech utterance at any sample rate
     * @throws IOException if the recogniser fails; the message is one line
     */
    String transcribe(Waveform speech) throws IOException;

    /**
     * Returns whether one recogniser uses all processors. If so, running several recognisers in parallel is not faster.
     */
    default boolean usesAllProcessors() {
        return false;
    }

    @Override
    void close();

    /** Opens recognisers by the notation that the command line accepts. */
    interface Opener {
        /**
         * Opens a recogniser.
         *
         * @param notation notation such as {@code whisper:FILE}
         * @throws IllegalArgumentException if the notation is unknown, a file is invalid, or a key is missing; the
         *     message is one line
         * @throws IOException if a file cannot be read
         */
        SpeechRecognizer open(String notation) throws IOException;

        /** Finds the installed opener, or returns empty if the module {@code study} is not installed. */
        static Optional<Opener> find() {
            return ServiceLoader.load(Opener.class).findFirst();
        }
    }
}
