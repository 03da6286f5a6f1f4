package sparrow.study.report;

import java.util.Arrays;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** Speech as a page plays it: a small WAV file. */
public final class SampleSound {
    /** Sample rate at which speech is still recognisable and takes little room. */
    private static final int SAMPLE_RATE_HZ = 16_000;

    /** Longer samples are cut. */
    private static final int SECONDS = 10;

    private SampleSound() {}

    /** The beginning of some speech as a WAV file. */
    public static byte[] of(Waveform speech) {
        Waveform slow = speech.at(SAMPLE_RATE_HZ);
        int samples = Math.min(slow.samples().length, SECONDS * SAMPLE_RATE_HZ);
        return WavFile.bytes(new Waveform(Arrays.copyOf(slow.samples(), samples), SAMPLE_RATE_HZ), SampleFormat.PCM16);
    }
}
