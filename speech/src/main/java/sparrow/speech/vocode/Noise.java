package sparrow.speech.vocode;

import java.util.SplittableRandom;

/**
 * The random numbers of an utterance. An instance must be used for one utterance at a time. Instances created by
 * {@link #seeded} with the same seed produce the same speech.
 *
 * <p>Instances must be used by one thread at a time.
 */
public interface Noise {
    /**
     * Returns the noise from which the flow starts: standard normal numbers, [frames, melBins], starting with the first
     * frame. A streamed utterance calls this method once per block. A frame gets the same numbers in every call, so
     * that a block continues the earlier blocks.
     */
    float[] flow(int frames, int melBins);

    /**
     * Returns the initial phases of the source's sines, [harmonics], radians. The first phase, which belongs to the
     * fundamental, is 0.
     */
    float[] phases(int harmonics);

    /**
     * Returns the source noise from which unvoiced speech is generated: standard normal numbers, [samples, harmonics].
     */
    float[] source(int samples, int harmonics);

    /** Returns random numbers that depend only on the seed and the requested sizes. */
    static Noise seeded(long seed) {
        return new Seeded(seed);
    }

    /**
     * Returns noise that replays the given numbers, for comparisons.
     *
     * @param flow result of {@link #flow}
     * @param phases result of {@link #phases}
     * @param source result of {@link #source}; an empty array for zeros
     */
    static Noise replayed(float[] flow, float[] phases, float[] source) {
        return new Replayed(flow.clone(), phases.clone(), source.clone());
    }

    /** Pseudo-random numbers generated from a seed. */
    final class Seeded implements Noise {
        private final long seed;
        private final SplittableRandom source;

        private Seeded(long seed) {
            this.seed = seed;
            this.source = new SplittableRandom(~seed);
        }

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

    /** Noise with given numbers, whose counts must equal the requested sizes. */
    final class Replayed implements Noise {
        private final float[] flow;
        private final float[] phases;
        private final float[] source;

        private Replayed(float[] flow, float[] phases, float[] source) {
            this.flow = flow;
            this.phases = phases;
            this.source = source;
        }

        @Override
        public float[] flow(int frames, int melBins) {
            return checked("flow noise", flow, Math.multiplyExact(frames, melBins));
        }

        @Override
        public float[] phases(int harmonics) {
            return checked("phases", phases, harmonics);
        }

        @Override
        public float[] source(int samples, int harmonics) {
            int size = Math.multiplyExact(samples, harmonics);
            return source.length == 0 ? new float[size] : checked("source noise", source, size);
        }

        private static float[] checked(String name, float[] values, int size) {
            if (values.length != size) {
                throw new IllegalArgumentException(name + ": expected " + size + " values, got " + values.length);
            }
            return values.clone();
        }
    }
}
