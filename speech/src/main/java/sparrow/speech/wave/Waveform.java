package sparrow.speech.wave;

import java.util.List;

/**
 * One channel of audio.
 *
 * @param samples amplitudes, with full scale -1 to 1; the waveform takes ownership of the array
 * @param sampleRateHz sample rate in Hz
 */
public record Waveform(float[] samples, int sampleRateHz) {
    /** Minimum sample rate in Hz. */
    public static final int MIN_RATE_HZ = 1_000;

    /** Maximum sample rate in Hz. */
    public static final int MAX_RATE_HZ = 768_000;

    /** An empty waveform. */
    public static final Waveform NONE = new Waveform(new float[0], 16_000);

    /** Maximum number of samples in a waveform. This many samples take one gigabyte and last 4.6 hours at 16 kHz. */
    public static final int MAX_SAMPLES = 1 << 28;

    /**
     * Peak below which audio is considered silent. The value is 60 dB below full scale, or 33 steps of 16-bit audio. A
     * muted microphone produces zeros or a few steps of noise, and the peak of quiet speech is ten times higher than
     * this value.
     */
    public static final float SILENCE_PEAK = 0.001f;

    public Waveform {
        if (!isRate(sampleRateHz)) {
            throw new IllegalArgumentException(
                    "sample rate: expected " + MIN_RATE_HZ + " to " + MAX_RATE_HZ + " Hz, got " + sampleRateHz + " Hz");
        }
    }

    static boolean isRate(long hz) {
        return hz >= MIN_RATE_HZ && hz <= MAX_RATE_HZ;
    }

    /**
     * Returns the mean of channels, sample by sample.
     *
     * @throws IllegalArgumentException if there are no channels, or if the channels differ in length or rate
     */
    public static Waveform mean(List<Waveform> channels) {
        if (channels.isEmpty()) throw new IllegalArgumentException("mean of channels: expected 1 or more, got none");
        Waveform first = channels.getFirst();
        if (channels.size() == 1) return first;
        float[] mean = new float[first.samples.length];
        for (Waveform channel : channels) {
            if (channel.samples.length != mean.length || channel.sampleRateHz != first.sampleRateHz) {
                throw new IllegalArgumentException(
                        "mean of channels: expected " + first.form() + " in each, got " + channel.form());
            }
            for (int i = 0; i < mean.length; i++) mean[i] += channel.samples[i];
        }
        for (int i = 0; i < mean.length; i++) mean[i] /= channels.size();
        return new Waveform(mean, first.sampleRateHz);
    }

    private String form() {
        return samples.length + " samples at " + sampleRateHz + " Hz";
    }

    /** Returns the length in seconds. */
    public double seconds() {
        return (double) samples.length / sampleRateHz;
    }

    /** Returns the maximum magnitude of a sample, or 0 if there are no samples. */
    public float peak() {
        float peak = 0;
        for (float sample : samples) peak = Math.max(peak, Math.abs(sample));
        return peak;
    }

    /** Returns whether the peak is less than {@link #SILENCE_PEAK}. */
    public boolean isSilent() {
        return peak() < SILENCE_PEAK;
    }

    /**
     * Returns this audio at another sample rate, or this waveform if it already has the rate.
     * {@link StreamingResampler} resamples a signal in pieces.
     *
     * @throws IllegalArgumentException if the rate is out of bounds, or if the result exceeds {@link #MAX_SAMPLES}
     */
    public Waveform at(int rateHz) {
        if (rateHz == sampleRateHz) return this;
        return new Waveform(new Resampler(sampleRateHz, rateHz).apply(samples), rateHz);
    }
}
