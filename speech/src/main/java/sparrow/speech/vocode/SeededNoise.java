package sparrow.speech.vocode;

import java.util.SplittableRandom;

/** Pseudo-random numbers from a seed. */
final class SeededNoise implements Noise {
    private final long seed;
    private final SplittableRandom source;

    SeededNoise(long seed) {
        this.seed = seed;
        this.source = new SplittableRandom(~seed);
    }

    /** The numbers of a frame are the same at every call, so that a block continues what earlier blocks began. */
    @Override
    public float[] flow(int frames, int melBins) {
        return normal(new SplittableRandom(seed), Math.multiplyExact(frames, melBins));
    }

    @Override
    public float[] phases(int harmonics) {
        float[] phases = new float[harmonics];
        for (int i = 1; i < harmonics; i++) phases[i] = (float) source.nextDouble(-Math.PI, Math.PI);
        return phases;
    }

    @Override
    public float[] source(int samples, int harmonics) {
        return normal(source, Math.multiplyExact(samples, harmonics));
    }

    private static float[] normal(SplittableRandom random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) random.nextGaussian();
        return values;
    }
}
