package sparrow.speech.vocode;

import java.util.SplittableRandom;

/**
 * The random numbers of one utterance. One object serves one utterance at a time; {@link #seeded} ones with the same
 * seed give the same speech.
 *
 * <p>For one thread at a time.
 */
public interface Noise {
    /**
     * Starting points of the flow: standard normal, [frames, melBins]. A streamed utterance asks for them once a block,
     * from the first frame on. The numbers of a frame are the same at every call, so that a block continues those
     * before.
     */
    float[] flow(int frames, int melBins);

    /** Phases of the source's sines at the start, [harmonics], radians; that of the fundamental (the first) is 0. */
    float[] phases(int harmonics);

    /** The source's noise: standard normal, [samples, harmonics]. Unvoiced speech is made from it. */
    float[] source(int samples, int harmonics);

    /** Random numbers that depend on nothing but the seed and the sizes asked for. */
    static Noise seeded(long seed) {
        return new Seeded(seed);
    }

    /**
     * Given numbers, for comparisons.
     *
     * @param flow as {@link #flow} gives it
     * @param phases as {@link #phases} gives them
     * @param source as {@link #source} gives it; an empty array stands for zeros, a source without noise
     */
    static Noise replayed(float[] flow, float[] phases, float[] source) {
        return new Replayed(flow.clone(), phases.clone(), source.clone());
    }

    /** Pseudo-random numbers from a seed. */
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

    /** Given numbers, whose sizes must be those that are asked for. */
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
