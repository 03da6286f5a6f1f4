package sparrow.speech.flow;

import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Probe;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;

/**
 * The time of the flow as a vector: sinusoids of it, then two linear layers.
 *
 * @param in reads the sinusoids
 */
public record TimeEmbedding(Sinusoids sinusoids, Linear in, Linear out) {
    /** The time is stretched from [0, 1] to the range of diffusion steps, for which the sinusoids were made. */
    private static final double STRETCH = 1000;

    /** The two customs of ordering sinusoids of frequencies from 1 down to 1/10000. */
    public enum Sinusoids {
        /** Sines, then cosines; the last frequency is 1/10000 (Matcha's SinusoidalPosEmb). */
        SINES_FIRST {
            @Override
            void put(double time, float[] values) {
                int half = values.length / 2;
                for (int j = 0; j < half; j++) {
                    double angle = time * Math.exp(-j * Math.log(10000) / (half - 1));
                    values[j] = (float) Math.sin(angle);
                    values[half + j] = (float) Math.cos(angle);
                }
            }
        },
        /** Cosines, then sines; the frequencies stop one short of 1/10000 (DiT's TimestepEmbedder). */
        COSINES_FIRST {
            @Override
            void put(double time, float[] values) {
                int half = values.length / 2;
                for (int j = 0; j < half; j++) {
                    double angle = time * Math.exp(-j * Math.log(10000) / half);
                    values[j] = (float) Math.cos(angle);
                    values[half + j] = (float) Math.sin(angle);
                }
            }
        };

        abstract void put(double time, float[] values);
    }

    /** The vector of a time within [0, 1], as one row. */
    public Block of(float t, Probe probe) {
        int width = in.weight().columns();
        Block values = Block.of(new float[width], 1, width);
        sinusoids.put(STRETCH * t, values.data());
        probe.see("time_sin", values);
        Block hidden = in.of(values);
        in.kernels().apply(Activation.SILU, hidden);
        return out.of(hidden);
    }
}
