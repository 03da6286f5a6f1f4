package sparrow.speech.flow;

import java.util.Arrays;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;
import sparrow.speech.layers.Batch;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Probe;

/**
 * Codes to mel frames by conditional flow matching (CosyVoice's MaskedDiffWithXvec, as GLM-4-Voice runs it): encode the
 * codes, stretch them to frames, and carry noise along the estimated velocity in ten Euler steps with classifier-free
 * guidance. Frames that already exist are given as a condition, and only the frames after them are made.
 */
public final class FlowDecoder {
    private static final int STEPS = 10;

    private final Kernels kernels;
    private final FlowConfig config;
    private final Block embedding;
    private final Linear speaker;
    private final BlockEncoder encoder;
    private final Linear encoderOut;
    private final LengthRegulator regulator;
    private final Estimator estimator;

    public FlowDecoder(LayerReader reader, FlowConfig config) {
        int width = config.encoder().width();
        int bins = config.melBins();
        this.kernels = reader.kernels();
        this.config = config;
        float[] codes = reader.values("input_embedding.weight", config.vocabulary(), width);
        this.embedding = Block.of(codes, config.vocabulary(), width);
        this.speaker = reader.linear("spk_embed_affine_layer", bins, config.speakerWidth());
        this.encoder = BlockEncoder.load(reader, config.encoder());
        this.encoderOut = reader.linear("encoder_proj", bins, width);
        this.regulator = LengthRegulator.load(reader, config.regulatorLayers(), bins);
        this.estimator = new Estimator(reader, config);
    }

    public FlowConfig config() {
        return config;
    }

    Estimator estimator() {
        return estimator;
    }

    /**
     * Mel frames after those that are given.
     *
     * @param codes all codes, those of the given frames included
     * @param given frames that exist, [n, melBins]; n may be 0
     * @param xVector speaker vector [speakerWidth]; the demo of GLM-4-Voice passes zeros
     * @param noise standard normal, [frames, melBins]
     * @return [frames - n, melBins]
     */
    public float[] mel(int[] codes, float[] given, float[] xVector, float[] noise) {
        int bins = config.melBins();
        int frames = noise.length / bins;
        if (given.length > noise.length) {
            throw new IllegalArgumentException(
                    "given mel: expected at most " + frames + " frames, got " + given.length / bins);
        }
        if (codes.length == 0) return new float[0];
        Block mu = conditions(codes, frames, Probe.NONE);
        float[] mel = solve(noise, mu, speaker(xVector), given);
        return Arrays.copyOfRange(mel, given.length, mel.length);
    }

    /** What the codes ask for at each frame, [frames, melBins]: the estimator's mu. */
    Block conditions(int[] codes, int frames, Probe probe) {
        int width = embedding.columns();
        Block rows = Block.of(new float[codes.length * width], codes.length, width);
        for (int i = 0; i < codes.length; i++) {
            if (codes[i] < 0 || codes[i] >= config.vocabulary()) {
                throw new IllegalArgumentException("code " + codes[i] + ": expected 0 to " + (config.vocabulary() - 1));
            }
            System.arraycopy(embedding.data(), codes[i] * width, rows.data(), i * width, width);
        }
        probe.see("input_embedding", rows);
        Block hidden = encoder.encode(rows, probe);
        probe.see("encoder_out", hidden);
        Block projected = encoderOut.of(hidden);
        probe.see("encoder_proj", projected);
        return regulator.stretch(projected, frames);
    }

    /** The speaker's row of the estimator's input, [melBins]: the projection of the vector scaled to length 1. */
    float[] speaker(float[] xVector) {
        double squares = 0;
        for (float value : xVector) squares += (double) value * value;
        float scale = (float) (1 / Math.max(Math.sqrt(squares), 1e-12));
        Block unit = Block.of(new float[xVector.length], 1, xVector.length);
        for (int i = 0; i < xVector.length; i++) unit.data()[i] = xVector[i] * scale;
        return speaker.of(unit).data();
    }

    /** The Euler steps; the conditional and the unconditional velocity are computed side by side. */
    private float[] solve(float[] noise, Block mu, float[] speaker, float[] given) {
        int bins = config.melBins();
        float[] x = noise.clone();
        Batch input = estimatorInput(mu, speaker, given);
        float[] times = times();
        float t = times[0];
        float dt = times[1] - times[0];
        for (int k = 1; k <= STEPS; k++) {
            for (int row = 0; row < input.sequences() * mu.rows(); row++) {
                int frame = row % mu.rows();
                System.arraycopy(x, frame * bins, input.data(), row * input.channels(), bins);
            }
            float[] velocities = estimator.velocity(input, t, Probe.NONE).data();
            kernels.addScaled(dt * (1 + config.guidance()), velocities, 0, x, 0, x.length);
            kernels.addScaled(-dt * config.guidance(), velocities, x.length, x, 0, x.length);
            t += dt;
            if (k < STEPS) dt = times[k + 1] - t;
        }
        return x;
    }

    /** Two sequences of [x | mu | speaker | given frames]: the second, unconditional one has only x. x is still 0. */
    private Batch estimatorInput(Block mu, float[] speaker, float[] given) {
        int bins = config.melBins();
        Batch input = Batch.zeros(2, mu.rows(), 4 * bins);
        for (int t = 0; t < mu.rows(); t++) {
            int at = t * 4 * bins;
            System.arraycopy(mu.data(), t * bins, input.data(), at + bins, bins);
            System.arraycopy(speaker, 0, input.data(), at + 2 * bins, bins);
            if (t * bins < given.length) System.arraycopy(given, t * bins, input.data(), at + 3 * bins, bins);
        }
        return input;
    }

    /** Times of the steps, 1 - cos(pi/2 k/10): small steps first. */
    static float[] times() {
        float[] times = new float[STEPS + 1];
        for (int k = 0; k <= STEPS; k++) times[k] = (float) (1 - Math.cos(k * Math.PI / 2 / STEPS));
        return times;
    }
}
