package sparrow.study.data;

import java.io.IOException;
import sparrow.speech.wave.Waveform;

/** Speech that lies in a file and is read when it is needed. */
@FunctionalInterface
public interface Recording {
    /**
     * Reads it, at the rate that it was recorded with.
     *
     * @throws sparrow.formats.BadFileException if it is no WAV file
     * @throws IOException if it cannot be read
     */
    Waveform read() throws IOException;
}
