package sparrow.speech.lfm;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Norm;
import sparrow.speech.layers.Probe;
import sparrow.speech.layers.Subsampling;
import sparrow.speech.layers.Workspace;
import sparrow.speech.spectrum.CausalMel;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * The audio encoder of LFM3-Audio. It encodes an utterance to 12.5 rows per second, which replace embeddings in the
 * prompt. Strided convolutions, a causal stack of LFM layers and a projector process log-mel frames. Row t depends on
 * samples up to 1280 t + 1520, so an utterance can be encoded while it is spoken.
 *
 * <p>Rows are computed in blocks of {@value #BLOCK_ROWS}, counted from the beginning of the utterance. The blocks do
 * not depend on how the samples arrive, so the rows are bit-identical to the rows of the complete utterance.
 *
 * <p>Instances are safe for use by multiple threads.
 */
public final class CausalEncoder implements AutoCloseable {
    /** Sample rate of the encoder in Hz. */
    public static final int SAMPLE_RATE_HZ = CausalMel.SAMPLE_RATE_HZ;

    /** Number of rows computed together. These rows represent 640 ms. */
    public static final int BLOCK_ROWS = 8;

    /** Number of frames in a complete block. */
    private static final int BLOCK_FRAMES = BLOCK_ROWS * Subsampling.FACTOR;

    private static final String PROJECTOR = "projector.";

    private final CausalEncoderConfig config;
    private final Arena arena;
    private final Kernels kernels;
    private final CausalMel mel;
    private final Subsampling subsampling;
    private final LfmLayers layers;
    private final Norm projectorNorm;
    private final Linear project;
    private final Linear out;

    private CausalEncoder(CausalEncoderConfig config, LayerReader reader) {
        this.config = config;
        arena = reader.arena();
        kernels = reader.kernels();
        int width = config.layers().width();
        subsampling = new Subsampling(
                reader,
                "pre_encode.",
                config.melBins(),
                config.channels(),
                width,
                Activation.SILU,
                Subsampling.Axes.TIME_LAST);
        layers = new LfmLayers(reader, "lfm", config.layers());
        projectorNorm = reader.norm(PROJECTOR + "0", width);
        project = reader.linear(PROJECTOR + "1", config.outputWidth(), width);
        out = reader.linear(PROJECTOR + "3", config.outputWidth(), config.outputWidth());
        mel = new CausalMel(config.melBins());
    }

    /**
     * Loads and packs the tensors {@code pre_encode.…}, {@code lfm.…} and {@code projector.…} of a checkpoint, which
     * may be closed afterwards.
     *
     * @throws sparrow.formats.weights.MissingTensorException if a tensor is missing
     * @throws sparrow.formats.BadFileException if a tensor's shape does not agree with the configuration
     */
    public static CausalEncoder load(CausalEncoderConfig config, Checkpoint checkpoint, Kernels kernels) {
        return LayerReader.build(
                (arena, staging) -> new CausalEncoder(config, new LayerReader(checkpoint, kernels, arena, staging)));
    }

    /** Returns the number of values per row. */
    public int outputWidth() {
        return config.outputWidth();
    }

    /**
     * Encodes an utterance at any sample rate.
     *
     * @return encoded rows, [rows, outputWidth]
     */
    public float[] encode(Waveform utterance) {
        Utterance whole = start();
        float[] first = whole.accept(utterance.at(SAMPLE_RATE_HZ).samples());
        return joined(first, whole.finish());
    }

    /** Computes the features of an utterance at any sample rate, one row [melBins] per frame. */
    public List<float[]> features(Waveform utterance) {
        float[] samples = utterance.at(SAMPLE_RATE_HZ).samples();
        return mel(samples, CausalMel.frames(samples.length)).copyRows();
    }

    private Block mel(float[] samples, int frames) {
        return Block.of(mel.features(samples, frames, kernels.pool()), frames, config.melBins());
    }

    /** Returns the number of samples at 16 kHz that complete the given number of blocks. */
    public static int samples(int blocks) {
        return Math.multiplyExact(blocks, BLOCK_FRAMES * CausalMel.HOP_SAMPLES)
                + CausalMel.WINDOW_SAMPLES
                - CausalMel.HOP_SAMPLES;
    }

    /** Starts an utterance whose samples arrive in pieces. */
    public Utterance start() {
        return new Utterance(layers.start(), new float[0], new float[0], 0);
    }

    /**
     * Encodes features [frames, melBins] in one call, for comparison with other implementations.
     *
     * @param probe probe that receives {@code conv.0} before its activation, {@code pre_encode}, the output of each
     *     layer as {@code layerN}, and {@code norm}
     */
    public float[] encode(Block features, Probe probe) {
        Block x = subsampling.of(features, probe);
        probe.see("pre_encode", x);
        layers.start().run(x, new Workspace(), probe);
        return projected(x);
    }

    private float[] projected(Block x) {
        Block inner = project.of(projectorNorm.layers(x));
        kernels.apply(Activation.GELU, inner);
        return out.of(inner).data();
    }

    private static float[] joined(float[] first, float[] second) {
        float[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** An utterance whose samples arrive in pieces. Instances must be used by one thread at a time. */
    public final class Utterance {
        private final LfmLayers.Sequence sequence;
        private final Workspace workspace = new Workspace();

        /** Samples starting at the beginning of the next frame. */
        private float[] samples;

        /** Frames of the newest row, [FACTOR, melBins], or empty before the first row. */
        private float[] earlier;

        private long arrived;

        private Utterance(LfmLayers.Sequence sequence, float[] samples, float[] earlier, long arrived) {
            this.sequence = sequence;
            this.samples = samples;
            this.earlier = earlier;
            this.arrived = arrived;
        }

        /** Returns an independent copy. */
        public Utterance copy() {
            return new Utterance(sequence.copy(), samples, earlier, arrived);
        }

        /**
         * Accepts the next samples at 16 kHz.
         *
         * @return rows of the blocks that are now complete, [rows, outputWidth]
         */
        public float[] accept(float[] piece) {
            samples = joined(samples, piece);
            arrived += piece.length;
            float[] rows = {};
            while (CausalMel.finalFrames(samples.length) >= BLOCK_FRAMES) rows = joined(rows, next(BLOCK_FRAMES));
            return rows;
        }

        /** Finishes the utterance and returns the remaining rows. An utterance without samples has one row. */
        public float[] finish() {
            boolean any = arrived == 0 || CausalMel.frames(arrived) > framesBefore();
            return any ? next(CausalMel.frames(arrived) - framesBefore()) : new float[0];
        }

        private int framesBefore() {
            return Math.toIntExact((arrived - samples.length) / CausalMel.HOP_SAMPLES);
        }

        /** Computes the rows of the next frames. */
        private float[] next(int frames) {
            float[] features = mel.features(samples, frames, kernels.pool());
            float[] all = joined(earlier, features);
            Block image = Block.of(all, all.length / config.melBins(), config.melBins());
            Block x = subsampling.of(image, earlier.length == 0 ? 0 : 1, Subsampling.rows(image.rows()), Probe.NONE);
            sequence.run(x, workspace, Probe.NONE);
            samples = Arrays.copyOfRange(
                    samples, Math.min(samples.length, frames * CausalMel.HOP_SAMPLES), samples.length);
            earlier = Arrays.copyOfRange(
                    all, Math.max(0, all.length - Subsampling.FACTOR * config.melBins()), all.length);
            return projected(x);
        }
    }

    /** Frees the memory of the weights. The encoder must not be used afterwards. */
    @Override
    public void close() {
        arena.close();
    }
}
