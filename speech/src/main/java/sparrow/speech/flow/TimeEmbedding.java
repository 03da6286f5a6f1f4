package sparrow.speech.flow;

import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Probe;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;

/**
 * Embeds the flow time as a vector with sinusoids and two linear layers.
 *
 * @param sinusoids order of the sinusoids
 * @param in first linear layer
 * @param out second linear layer
 */
public record TimeEmbedding(Sinusoids sinusoids, Linear in, Linear out) {
    /** Factor that maps times in [0, 1] to the range of diffusion steps, for which the sinusoids were designed. */
    private static final double STRETCH = 1000;

    /** Orders of sinusoids whose frequencies descend from 1 to 1/10000. */
    public enum Sinusoids {
        /** Sines followed by cosines; the last frequency is 1/10000 (Matcha's SinusoidalPosEmb). */
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
        /** Cosines followed by sines; the last frequency is one step above 1/10000 (DiT's TimestepEmbedder). */
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

    /** Embeds a time in [0, 1] and returns one row. */
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
