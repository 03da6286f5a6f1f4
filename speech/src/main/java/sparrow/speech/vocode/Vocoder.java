package sparrow.speech.vocode;

import sparrow.speech.hift.HarmonicSource;
import sparrow.speech.hift.Hift;
import sparrow.speech.layers.Probe;
import sparrow.tensor.kernel.Block;

/** The second half of a synthesizer: HiFT, its excitation made with the random numbers of an utterance. */
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

    /** mel [frames, melBins] to samples [frames * samplesPerFrame]. */
    float[] speech(float[] mel, Noise noise) {
        return speech(mel, excitation(mel, noise));
    }

    /** The same with a given excitation, [frames * samplesPerFrame]. */
    float[] speech(float[] mel, float[] excitation) {
        Block frames = frames(mel);
        if (excitation.length != frames.rows() * samplesPerFrame()) {
            throw new IllegalArgumentException(
                    "excitation: expected " + frames.rows() * samplesPerFrame() + " samples, got " + excitation.length);
        }
        return hift.speech(frames, excitation, Probe.NONE);
    }

    /** The excitation of mel [frames, melBins], its sines starting anew: [frames * samplesPerFrame]. */
    float[] excitation(float[] mel, Noise noise) {
        float[] f0 = hift.f0(frames(mel));
        return excitation(f0, noise.phases(hift.source().config().harmonics()), noise);
    }

    /** The excitation of f0 [frames] in Hz, its sines starting at the given phases. */
    float[] excitation(float[] f0, float[] phases, Noise noise) {
        HarmonicSource source = hift.source();
        int samples = f0.length * samplesPerFrame();
        return source.merge(source.waves(f0, phases, noise.source(samples, phases.length), hift.pool()));
    }

    /** mel [frames, melBins] as a block. */
    Block frames(float[] mel) {
        int bins = melBins();
        if (mel.length == 0 || mel.length % bins != 0) {
            throw new IllegalArgumentException(
                    "mel: expected one or more frames of " + bins + " bins, got " + mel.length + " values");
        }
        return Block.of(mel, mel.length / bins, bins);
    }
}
