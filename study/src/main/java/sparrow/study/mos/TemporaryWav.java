package sparrow.study.mos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** Speech in a file of 16-bit samples for as long as another program needs it. */
record TemporaryWav(Path file) implements AutoCloseable {
    static TemporaryWav of(Waveform speech) throws IOException {
        if (speech.samples().length == 0) throw new IllegalArgumentException("speech: expected samples, got none");
        TemporaryWav wav = new TemporaryWav(Files.createTempFile("sparrow-", ".wav"));
        try {
            WavFile.write(wav.file, speech, SampleFormat.PCM16);
            return wav;
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(wav.file);
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
