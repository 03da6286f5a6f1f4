package sparrow.study.data;

import java.io.IOException;
import sparrow.speech.wave.Waveform;

/** Recorded speech that is read from its file on demand. */
@FunctionalInterface
public interface Recording {
    /**
     * Reads the recording at its original sample rate.
     *
     * @throws sparrow.formats.BadFileException if the recording is damaged or in an unsupported format
     * @throws IOException if the recording cannot be read
     */
    Waveform read() throws IOException;
}
