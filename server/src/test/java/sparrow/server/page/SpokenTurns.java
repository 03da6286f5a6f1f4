package sparrow.server.page;

import java.io.IOException;
import java.nio.file.Path;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** What a browser's microphone hears in a test: one channel of 16 bits at 48 kHz, the one format that Chromium takes. */
public final class SpokenTurns {
    private static final int RATE_HZ = 48_000;

    private float[] samples = new float[0];

    public SpokenTurns silence(double seconds) {
        return append(new float[(int) (seconds * RATE_HZ)]);
    }

    public SpokenTurns question(Path wav) throws IOException {
        return append(WavFile.read(wav).at(RATE_HZ).samples());
    }

    private SpokenTurns append(float[] more) {
        float[] joined = new float[samples.length + more.length];
        System.arraycopy(samples, 0, joined, 0, samples.length);
        System.arraycopy(more, 0, joined, samples.length, more.length);
        samples = joined;
        return this;
    }

    public void write(Path wav) throws IOException {
        WavFile.write(wav, new Waveform(samples, RATE_HZ), SampleFormat.PCM16);
    }
}
