package sparrow.study.report;

import java.util.Arrays;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** Converts speech to a small WAV file for a page. */
public final class SampleSound {
    /** A sample rate that keeps speech intelligible in a small file. */
    private static final int SAMPLE_RATE_HZ = 16_000;

    /** Maximum duration; longer samples are cut. */
    private static final int SECONDS = 10;

    private SampleSound() {}

    /** Returns the beginning of an utterance as a WAV file. */
    public static byte[] of(Waveform speech) {
        Waveform slow = speech.at(SAMPLE_RATE_HZ);
        int samples = Math.min(slow.samples().length, SECONDS * SAMPLE_RATE_HZ);
        return WavFile.bytes(new Waveform(Arrays.copyOf(slow.samples(), samples), SAMPLE_RATE_HZ), SampleFormat.PCM16);
    }
}
