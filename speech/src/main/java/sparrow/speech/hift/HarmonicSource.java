package sparrow.speech.hift;

import sparrow.speech.layers.LayerReader;
import sparrow.tensor.kernel.ComputePool;

/**
 * Generates the excitation: sines at multiples of f0 in voiced frames and noise in other frames, mixed into one signal
 * (NSF's SineGen and SourceModuleHnNSF).
 *
 * @param samplesPerFrame number of samples per f0 value
 * @param mix weights of the harmonics, [harmonics]
 */
public record HarmonicSource(HiftConfig.Source config, int sampleRateHz, int samplesPerFrame, float[] mix, float bias) {
    static HarmonicSource load(LayerReader reader, HiftConfig config) {
        return new HarmonicSource(
                config.source(),
                config.sampleRateHz(),
                config.samplesPerFrame(),
                reader.values("m_source.l_linear.weight", 1, config.source().harmonics()),
                reader.vector("m_source.l_linear.bias", 1)[0]);
    }

    /**
     * Generates the harmonics and their noise.
     *
     * @param f0 fundamental frequencies, [frames], Hz
     * @param phases initial phases of the sines, [harmonics], radians; some {@link PhaseRule}s ignore them
     * @param noise standard normal numbers, [samples, harmonics]
     * @param pool threads that generate the harmonics
     * @return waves, [samples, harmonics]
     */
    public float[] waves(float[] f0, float[] phases, float[] noise, ComputePool pool) {
        int harmonics = config.harmonics();
        float[] waves = new float[f0.length * samplesPerFrame * harmonics];
        pool.forEach(harmonics, waves.length, i -> {
            float[] frequencies = new float[f0.length];
            float[] angles = new float[f0.length * samplesPerFrame];
            for (int t = 0; t < f0.length; t++) frequencies[t] = f0[t] * (i + 1) / sampleRateHz;
            config.phases().angles(frequencies, phases[i], samplesPerFrame, angles);
            for (int s = 0; s < angles.length; s++) {
                int at = s * harmonics + i;
                waves[at] = f0[s / samplesPerFrame] > config.voicedThresholdHz()
                        ? config.sineAmplitude() * (float) Math.sin(angles[s]) + config.noiseAmplitude() * noise[at]
                        : config.sineAmplitude() / 3 * noise[at];
            }
        });
        return waves;
    }

    /** Mixes waves [samples, harmonics] into one signal [samples]. */
    public float[] merge(float[] waves) {
        int harmonics = config.harmonics();
        float[] source = new float[waves.length / harmonics];
        for (int s = 0; s < source.length; s++) {
            float sum = 0;
            for (int i = 0; i < harmonics; i++) sum += mix[i] * waves[s * harmonics + i];
            source[s] = (float) Math.tanh(sum + bias);
        }
        return source;
    }

    /**
     * Returns the phases [harmonics] after a number of cycles of the fundamental, or earlier phases if the number is
     * negative.
     */
    public float[] advance(float[] phases, double cycles) {
        float[] turned = new float[phases.length];
        for (int i = 0; i < phases.length; i++) {
            turned[i] = (float) ((phases[i] + 2 * Math.PI * (cycles * (i + 1) % 1)) % (2 * Math.PI));
        }
        return turned;
    }

    /**
     * Returns the number of cycles of the fundamental in frames {@code from} (inclusive) to {@code to} (exclusive) of
     * f0.
     */
    public double cycles(float[] f0, int from, int to) {
        double hertzFrames = 0;
        for (int t = from; t < to; t++) hertzFrames += f0[t];
        return hertzFrames * samplesPerFrame / sampleRateHz;
    }
}
