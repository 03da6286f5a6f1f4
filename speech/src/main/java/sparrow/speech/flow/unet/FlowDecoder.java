package sparrow.speech.flow.unet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.speech.flow.CodeEmbedding;
import sparrow.speech.flow.Conditions;
import sparrow.speech.flow.Conformer;
import sparrow.speech.flow.EncoderInput;
import sparrow.speech.flow.OdeSolver;
import sparrow.speech.flow.SpeakerProjection;
import sparrow.speech.layers.AttentionMask;
import sparrow.speech.layers.Convolution;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Norm;
import sparrow.speech.layers.Probe;
import sparrow.speech.layers.Workspace;
import sparrow.speech.schedule.FlowSchedule;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * Converts codes to mel frames by conditional flow matching (CosyVoice's MaskedDiffWithXvec, as used by GLM-4-Voice).
 * It encodes the codes, stretches them to frames, and integrates the estimated velocity from noise with classifier-free
 * guidance. Frames that already exist are passed as a condition, and only the frames after them are returned.
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
     * Checks that all codes are in the codebook.
     *
     * @throws IllegalArgumentException if a code is not in the codebook
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
     * Computes the mel frames after the given frames.
     *
     * @param codes all codes, including the codes of the given frames
     * @param given leading frames that already exist, [n, melBins]; n may be 0
     * @param xVector speaker vector [speakerWidth]; the demo of GLM-4-Voice passes zeros
     * @param noise standard normal numbers, [frames, melBins]
     * @param schedule steps from noise to mel frames
     * @return new mel frames, [frames - n, melBins]
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

    /** Encodes codes to mu for each frame, [frames, melBins]. */
    Block conditions(int[] codes, int frames, Probe probe) {
        Block rows = embedding.of(codes);
        probe.see("input_embedding", rows);
        Block hidden = encoder.encode(rows, probe);
        probe.see("encoder_out", hidden);
        Block projected = encoderOut.of(hidden);
        probe.see("encoder_proj", projected);
        return regulator.stretch(projected, frames);
    }

    /**
     * The code encoder (BlockConformerEncoder). A code attends to all earlier codes and to its own block, so later
     * codes do not change a complete block.
     */
    private static final class BlockEncoder {
        /** Epsilon of all norms in this encoder. */
        private static final float EPSILON = 1e-5f;

        private final EncoderInput embed;
        private final Conformer conformer;
        private final Norm afterNorm;

        BlockEncoder(LayerReader reader, FlowConfig.Encoder config) {
            this.embed = EncoderInput.load(reader, "encoder.embed", config.width());
            this.conformer = new Conformer(reader, "encoder.encoders", config.layers(), shape(config));
            this.afterNorm = reader.norm("encoder.after_norm", config.width(), EPSILON);
        }

        private static Conformer.Shape shape(FlowConfig.Encoder config) {
            AttentionMask mask = new AttentionMask.BlockCausal(config.blockCodes());
            return new Conformer.Shape(config.width(), config.heads(), config.feedForward(), mask, EPSILON);
        }

        /** Encodes embedded codes [codes, width] to hidden states [codes, width]. */
        Block encode(Block codes, Probe probe) {
            Block x = embed.of(codes);
            probe.see("encoder.embed", x);
            conformer.run(x, conformer.start(), probe);
            return afterNorm.layers(x);
        }
    }

    /**
     * Stretches vectors from the code rate to the mel frame rate with nearest-neighbour interpolation, followed by
     * convolutions with norms.
     */
    private static final class LengthRegulator {
        private record Layer(Convolution convolution, Norm norm) {}

        private final Kernels kernels;
        private final List<Layer> layers;
        private final Convolution last;

        private LengthRegulator(Kernels kernels, List<Layer> layers, Convolution last) {
            this.kernels = kernels;
            this.layers = layers;
            this.last = last;
        }

        static LengthRegulator load(LayerReader reader, int count, int width) {
            List<Layer> layers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                layers.add(new Layer(
                        reader.convolution("length_regulator.model." + 3 * i, width, width, 3),
                        reader.norm("length_regulator.model." + (3 * i + 1), width)));
            }
            Convolution last = reader.convolution("length_regulator.model." + 3 * count, width, width, 1);
            return new LengthRegulator(reader.kernels(), List.copyOf(layers), last);
        }

        /** Stretches x [codes, width] to [frames, width]. */
        Block stretch(Block x, int frames) {
            Block z = Block.of(new float[frames * x.columns()], frames, x.columns());
            // The index is computed with f32 numbers, as in the reference. Integer arithmetic would select different
            // neighbours for certain lengths.
            float scale = (float) x.rows() / frames;
            for (int j = 0; j < frames; j++) {
                int nearest = Math.min((int) (j * scale), x.rows() - 1);
                System.arraycopy(x.data(), nearest * x.columns(), z.data(), j * x.columns(), x.columns());
            }
            for (Layer layer : layers) {
                z = layer.convolution().of(z);
                layer.norm().groups(1, z);
                kernels.apply(Activation.MISH, z);
            }
            return last.of(z);
        }
    }
}
