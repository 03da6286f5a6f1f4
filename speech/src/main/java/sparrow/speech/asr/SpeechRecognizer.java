package sparrow.speech.asr;

import java.io.IOException;
import java.util.Optional;
import java.util.ServiceLoader;
import sparrow.speech.wave.Waveform;

/** Transcribes speech, one utterance at a time. */
public interface SpeechRecognizer extends AutoCloseable {
    /**
     * Returns the words of some speech, as the recogniser spells them; empty if it found none.
     *
     * @param speech speech at any sample rate
     * @throws IOException if the recogniser failed; the message has one line
     */
    String transcribe(Waveform speech) throws IOException;

    /** True if one recogniser uses all processors, so that several in parallel are not faster. */
    default boolean usesAllProcessors() {
        return false;
    }

    @Override
    void close();

    /** Opens the recognisers that the command line names. */
    interface Opener {
        /**
         * Opens a recogniser.
         *
         * @param notation notation such as {@code whisper:FILE}
         * @throws IllegalArgumentException if the notation is unknown, a file is bad, or a key is missing; the message
         *     has one line
         * @throws IOException if a file cannot be read
         */
        SpeechRecognizer open(String notation) throws IOException;

        /** Finds the installed opener; empty without the module {@code study}. */
        static Optional<Opener> find() {
            return ServiceLoader.load(Opener.class).findFirst();
        }
    }
}
