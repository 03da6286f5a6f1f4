package sparrow.speech.vocode;

import sparrow.speech.hift.HarmonicSource;
import sparrow.speech.hift.Hift;
import sparrow.speech.layers.Probe;
import sparrow.tensor.kernel.Block;

/** The second half of a synthesizer: HiFT with an excitation generated from an utterance's random numbers. */
record Vocoder(Hift hift) {
    int sampleRateHz() {
        return hift.config().sampleRateHz();
    }

    int samplesPerFrame() {
        return hift.config().samplesPerFrame();
    }

    int melBins() {
        return hift.config().melBins();
    }

    /** Converts mel frames [frames, melBins] to samples [frames * samplesPerFrame]. */
    float[] speech(float[] mel, Noise noise) {
        return speech(mel, excitation(mel, noise));
    }

    /** Converts mel frames [frames, melBins] to samples [frames * samplesPerFrame] with a given excitation. */
    float[] speech(float[] mel, float[] excitation) {
        Block frames = frames(mel);
        if (excitation.length != frames.rows() * samplesPerFrame()) {
            throw new IllegalArgumentException(
                    "excitation: expected " + frames.rows() * samplesPerFrame() + " samples, got " + excitation.length);
        }
        return hift.speech(frames, excitation, Probe.NONE);
    }

    /** Generates the excitation for mel frames [frames, melBins] with new sines, [frames * samplesPerFrame]. */
    float[] excitation(float[] mel, Noise noise) {
        float[] f0 = hift.f0(frames(mel));
        return excitation(f0, noise.phases(hift.source().config().harmonics()), noise);
    }

    /** Generates the excitation for f0 [frames] in Hz with sines that start at given phases. */
    float[] excitation(float[] f0, float[] phases, Noise noise) {
        HarmonicSource source = hift.source();
        int samples = f0.length * samplesPerFrame();
        return source.merge(source.waves(f0, phases, noise.source(samples, phases.length), hift.pool()));
    }

    /** Returns mel frames [frames, melBins] as a block. */
    Block frames(float[] mel) {
        int bins = melBins();
        if (mel.length == 0 || mel.length % bins != 0) {
            throw new IllegalArgumentException(
                    "mel: expected one or more frames of " + bins + " bins, got " + mel.length + " values");
        }
        return Block.of(mel, mel.length / bins, bins);
    }
}
