package sparrow.speech.detokenize;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.layers.InverseFourier;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Probe;
import sparrow.speech.layers.Workspace;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * Decodes frames of codes to samples, 1920 per frame. The embeddings of a frame's codes are averaged, and the mean is
 * repeated six times. LFM2 layers then predict the log magnitudes and phases of a short-time spectrum. All operations
 * are causal except the overlap of the last windows.
 */
public final class FrameDecoder {
    /** Number of codes in a codebook. */
    public static final int CODES = 2048;

    /** Code that marks the end of speech. It follows the codes of the codebook and produces no audio. */
    public static final int END_CODE = CODES;

    /** Number of positions per frame; each is one window of the spectrum. */
    private static final int POSITIONS = 6;

    /** Number of samples from one window to the next. */
    private static final int HOP = 320;

    /** Number of samples per frame. */
    public static final int FRAME_SAMPLES = POSITIONS * HOP;

    /** Number of samples per window. */
    public static final int POINTS = 1280;

    private static final int BINS = POINTS / 2 + 1;

    /** Number of output values per position ({@code output_size}). */
    public static final int OUTPUTS = 2 * BINS;

    /**
     * Maximum number of frames that run through the layers together. Their activations take 9 MB at the released sizes.
     */
    private static final int MAX_TOGETHER = 16;

    private final Kernels kernels;
    private final DetokenizerConfig config;
    private final Matrix table;
    private final List<DetokenizerLayer> layers;
    private final float[] norm;
    private final Linear spectrum;
    private final Linear windows;
    private final float[] window;
    private final int together;

    /**
     * Reads the tensors of {@code audio_detokenizer/}.
     *
     * @throws BadFileException if a tensor's shape does not agree with the configuration
     */
    public FrameDecoder(LayerReader reader, DetokenizerConfig config) {
        this.kernels = reader.kernels();
        this.config = config;
        table = table(reader, config.width());
        layers = IntStream.range(0, config.layers().size())
                .mapToObj(i -> new DetokenizerLayer(
                        reader, "lfm.layers." + i + ".", config.layers().get(i), config))
                .toList();
        norm = reader.vector("lfm.embedding_norm.weight", config.width());
        spectrum = reader.linear("lin", OUTPUTS, config.width());
        window = reader.vector("istft.window", POINTS);
        double[] wide = new double[POINTS];
        Arrays.setAll(wide, i -> window[i]);
        windows = InverseFourier.of(reader, wide);
        together = isQuantised(reader.checkpoint()) ? 1 : MAX_TOGETHER;
    }

    /**
     * Returns whether weights are quantised. For quantised weights, the kernels round the activations of products with
     * few rows, but not of products with many rows. Frames are then decoded one at a time, so that the block sizes
     * affect only the last bits of the samples. This is not slower.
     */
    private static boolean isQuantised(Checkpoint checkpoint) {
        return checkpoint.names().stream()
                .anyMatch(name -> checkpoint.tensor(name).dtype().isQuantised());
    }

    /** Copies the embeddings to the weight memory in their stored format. */
    private static Matrix table(LayerReader reader, int width) {
        String name = "emb.emb.weight";
        Matrix stored = reader.checkpoint().matrix(name, -1, width);
        if (stored.rows() == 0 || stored.rows() % CODES != 0) {
            throw new BadFileException(
                    reader.checkpoint().source(),
                    "tensor " + name,
                    "expected " + CODES + " rows for each codebook, found " + stored.rows());
        }
        reader.checkpoint().requireFinite(stored);
        MemorySegment copy = reader.arena().allocate(stored.data().byteSize(), 64);
        copy.copyFrom(stored.data());
        return new Matrix(copy, stored.dtype(), stored.rows(), width);
    }

    /** Returns the number of codes per frame. */
    public int codebooks() {
        return table.rows() / CODES;
    }

    /** Starts an utterance. */
    public Utterance start() {
        return new Utterance(Probe.NONE);
    }

    /**
     * Starts an utterance with a probe that receives {@code embedding}, {@code layerN}, {@code norm} and {@code lin}.
     */
    Utterance start(Probe probe) {
        return new Utterance(probe);
    }

    /** An utterance whose frames arrive block by block. Instances must be used by one thread at a time. */
    public final class Utterance {
        private final Probe probe;
        private final List<DetokenizerLayer.Mixer.Sequence> sequences =
                layers.stream().map(DetokenizerLayer::start).toList();
        private final OverlapAdd overlap = new OverlapAdd(window, HOP);
        private final Workspace workspace = new Workspace();

        private Utterance(Probe probe) {
            this.probe = probe;
        }

        /**
         * Accepts the next frames. A frame that contains an end code is skipped. The division into blocks does not
         * affect the samples, except their last bits if weights are quantised.
         *
         * @param codes codes of complete frames, frame by frame, each from 0 to {@link #END_CODE}
         * @return new final samples; the last 480 samples are not yet final
         * @throws IllegalArgumentException if a code is out of range, or a frame is not complete; the utterance is then
         *     unchanged
         */
        public float[] accept(int[] codes) {
            int[] sounding = sounding(codes);
            int frames = sounding.length / codebooks();
            float[] samples = {};
            for (int from = 0; from < frames; from += together) {
                float[] next = decode(sounding, from, Math.min(frames, from + together));
                int before = samples.length;
                samples = Arrays.copyOf(samples, before + next.length);
                System.arraycopy(next, 0, samples, before, next.length);
            }
            return samples;
        }

        /** Finishes the utterance and returns the remaining samples. */
        public float[] finish() {
            return overlap.finish();
        }

        private float[] decode(int[] codes, int from, int to) {
            Block x = embedded(codes, from, to);
            for (int i = 0; i < layers.size(); i++) {
                layers.get(i).run(x, sequences.get(i), workspace);
                probe.see("layer" + i, x);
            }
            kernels.rmsNorm(x, norm, config.epsilon(), x);
            probe.see("norm", x);
            Block polar = spectrum.of(x, workspace);
            workspace.release(x);
            probe.see("lin", polar);
            kernels.pool().forEach(polar.rows(), 64L * polar.rows() * BINS, r -> toCartesian(polar, r));
            Block sound = windows.of(polar, workspace);
            workspace.release(polar);
            float[] samples = overlap.accept(sound);
            workspace.release(sound);
            return samples;
        }

        /** Returns the mean embedding of each frame, repeated six times. */
        private Block embedded(int[] codes, int from, int to) {
            int width = config.width();
            Block means = workspace.take(to - from, width);
            Block x = workspace.take((to - from) * POSITIONS, width);
            float[] row = new float[width];
            Arrays.fill(means.data(), 0);
            for (int f = 0; f < to - from; f++) {
                for (int book = 0; book < codebooks(); book++) {
                    table.row(book * CODES + codes[(from + f) * codebooks() + book], row, 0);
                    kernels.addScaled(1, row, 0, means.data(), f * width, width);
                }
                for (int c = f * width; c < (f + 1) * width; c++) means.data()[c] /= codebooks();
                for (int i = 0; i < POSITIONS; i++) {
                    System.arraycopy(means.data(), f * width, x.data(), (f * POSITIONS + i) * width, width);
                }
            }
            probe.see("embedding", means);
            workspace.release(means);
            return x;
        }
    }

    /** Returns the codes of the frames without an end code. */
    private int[] sounding(int[] codes) {
        int books = codebooks();
        if (codes.length % books != 0) {
            throw new IllegalArgumentException(
                    "codes: expected complete frames of " + books + ", got " + codes.length + " codes");
        }
        for (int code : codes) {
            if (code < 0 || code > END_CODE) {
                throw new IllegalArgumentException("code " + code + ": expected 0 to " + END_CODE);
            }
        }
        int[] kept = new int[codes.length];
        int count = 0;
        for (int frame = 0; frame < codes.length; frame += books) {
            if (Arrays.stream(codes, frame, frame + books).anyMatch(code -> code == END_CODE)) continue;
            System.arraycopy(codes, frame, kept, count, books);
            count += books;
        }
        return Arrays.copyOf(kept, count);
    }

    /** Converts a row of log magnitudes and phases to real and imaginary parts in place. */
    private static void toCartesian(Block polar, int row) {
        float[] x = polar.data();
        int real = polar.offset() + row * polar.stride();
        int imaginary = real + BINS;
        for (int k = 0; k < BINS; k++) {
            double magnitude = Math.exp(x[real + k]);
            double phase = x[imaginary + k];
            x[real + k] = (float) (magnitude * Math.cos(phase));
            x[imaginary + k] = (float) (magnitude * Math.sin(phase));
        }
    }
}
