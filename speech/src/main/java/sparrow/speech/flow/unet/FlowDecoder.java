package sparrow.speech.flow.unet;

import java.util.Arrays;
import sparrow.speech.flow.CodeEmbedding;
import sparrow.speech.flow.Conditions;
import sparrow.speech.flow.OdeSolver;
import sparrow.speech.flow.SpeakerProjection;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Probe;
import sparrow.speech.layers.Workspace;
import sparrow.speech.schedule.FlowSchedule;
import sparrow.tensor.kernel.Block;

/**
 * Converts codes to mel frames by conditional flow matching (CosyVoice's MaskedDiffWithXvec, as used by GLM-4-Voice).
 * It encodes the codes, stretches them to frames, and integrates the estimated velocity from noise, with
 * classifier-free guidance. Frames that already exist are given as a condition; only the frames after them are
 * returned.
 */
public final class FlowDecoder {
    private final FlowConfig config;
    private final CodeEmbedding embedding;
    private final SpeakerProjection speaker;
    private final BlockEncoder encoder;
    private final Linear encoderOut;
    private final LengthRegulator regulator;
    private final Estimator estimator;

    /** Reads and packs the weights. */
    public FlowDecoder(LayerReader reader, FlowConfig config) {
        int width = config.encoder().width();
        int bins = config.melBins();
        this.config = config;
        this.embedding = CodeEmbedding.load(reader, config.vocabulary(), width);
        this.speaker = SpeakerProjection.load(reader, bins, config.speakerWidth());
        this.encoder = new BlockEncoder(reader, config.encoder());
        this.encoderOut = reader.linear("encoder_proj", bins, width);
        this.regulator = LengthRegulator.load(reader, config.regulatorLayers(), bins);
        this.estimator = new Estimator(reader, config);
    }

    public FlowConfig config() {
        return config;
    }

    /**
     * Checks that codes are in the codebook.
     *
     * @throws IllegalArgumentException if a code is not
     */
    public void check(int[] codes) {
        embedding.check(codes);
    }

    SpeakerProjection speaker() {
        return speaker;
    }

    Estimator estimator() {
        return estimator;
    }

    /**
     * Computes the mel frames after the given ones.
     *
     * @param codes all codes, including those of the given frames
     * @param given leading frames that exist already, [n, melBins]; n may be 0
     * @param xVector speaker vector [speakerWidth]; the demo of GLM-4-Voice passes zeros
     * @param noise standard normal, [frames, melBins]
     * @param schedule steps from noise to mel frames
     * @return [frames - n, melBins]
     */
    public float[] mel(int[] codes, float[] given, float[] xVector, float[] noise, FlowSchedule schedule) {
        int frames = noise.length / config.melBins();
        if (given.length > noise.length) {
            throw new IllegalArgumentException(
                    "given mel: expected at most " + frames + " frames, got " + given.length / config.melBins());
        }
        if (codes.length == 0) return new float[0];
        Conditions conditions = new Conditions(conditions(codes, frames, Probe.NONE), speaker.of(xVector), given);
        Workspace workspace = new Workspace();
        OdeSolver solver = new OdeSolver(encoderOut.kernels(), schedule, config.steps(), config.guidance());
        float[] mel = solver.solve(
                noise, conditions, (step, input) -> estimator.velocity(input, step.time(), workspace, Probe.NONE));
        return Arrays.copyOfRange(mel, given.length, mel.length);
    }

    /** Encodes codes to mu at each frame, [frames, melBins]. */
    Block conditions(int[] codes, int frames, Probe probe) {
        Block rows = embedding.of(codes);
        probe.see("input_embedding", rows);
        Block hidden = encoder.encode(rows, probe);
        probe.see("encoder_out", hidden);
        Block projected = encoderOut.of(hidden);
        probe.see("encoder_proj", projected);
        return regulator.stretch(projected, frames);
    }
}
