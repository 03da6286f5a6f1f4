package sparrow.speech.detokenize;

import java.nio.file.Path;
import java.util.Arrays;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.layers.InverseFourier;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Probe;
import sparrow.speech.layers.Workspace;
import sparrow.speech.lfm.LfmConfig;
import sparrow.speech.lfm.LfmLayers;
import sparrow.speech.spectrum.Hann;
import sparrow.tensor.Finite;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * Decodes frames of codes to samples, 1920 per frame. A frame's {@link FrameEmbedding} is repeated six times. LFM
 * layers then predict the log magnitudes and phases of a short-time spectrum. All operations are causal except the
 * overlap of the last windows.
 */
public final class FrameDecoder {
    /** Number of positions per frame; each is one window of the spectrum. */
    private static final int POSITIONS = 6;

    /** Number of samples from one window to the next. */
    private static final int HOP = 320;

    /** Number of samples per frame of codes. */
    public static final int FRAME_SAMPLES = POSITIONS * HOP;

    /** Number of samples per window. */
    public static final int POINTS = 1280;

    private static final int BINS = POINTS / 2 + 1;

    /** Number of output values per position ({@code output_size}). */
    public static final int OUTPUTS = 2 * BINS;

    /**
     * Maximum number of frames that run through the layers together. The activations of this many frames take 9 MB at
     * the released sizes.
     */
    private static final int MAX_TOGETHER = 16;

    private final Kernels kernels;
    private final LfmConfig config;
    private final FrameEmbedding embedding;
    private final LfmLayers layers;
    private final Linear spectrum;
    private final Linear windows;
    private final float[] window;
    private final int together;
    private final boolean restarts;
    private final Path source;

    /**
     * Reads the tensors of {@code audio_detokenizer/} or of LFM3-Audio's codec.
     *
     * @param restarts whether the frames after an end code are a new piece of speech
     * @throws sparrow.formats.BadFileException if a tensor's shape does not agree with the configuration
     */
    public FrameDecoder(LayerReader reader, LfmConfig config, boolean restarts) {
        this.restarts = restarts;
        source = reader.checkpoint().source();
        this.kernels = reader.kernels();
        this.config = config;
        embedding = FrameEmbedding.of(reader, config.width());
        layers = new LfmLayers(reader, "lfm", config);
        spectrum = reader.linear("lin", OUTPUTS, config.width());
        window = window(reader);
        double[] wide = new double[POINTS];
        Arrays.setAll(wide, i -> window[i]);
        windows = InverseFourier.of(reader, wide);
        together = isQuantised(reader.checkpoint()) ? 1 : MAX_TOGETHER;
    }

    /**
     * Returns whether weights are quantised. For quantised weights, the kernels round the activations of products with
     * few rows, but not of products with many rows. Frames are then decoded one at a time, so that the block sizes
     * affect only the last bits of the samples. Decoding one frame at a time is not slower.
     */
    private static boolean isQuantised(Checkpoint checkpoint) {
        return checkpoint.names().stream()
                .anyMatch(name -> checkpoint.tensor(name).dtype().isQuantised());
    }

    /** Returns the window in the file, or a Hann window if the file contains none (LFM3). */
    private static float[] window(LayerReader reader) {
        if (reader.checkpoint().has("istft.window")) return reader.vector("istft.window", POINTS);
        double[] hann = Hann.window(POINTS);
        float[] window = new float[POINTS];
        for (int i = 0; i < POINTS; i++) window[i] = (float) hann[i];
        return window;
    }

    /** Returns the number of codes per frame. */
    public int codebooks() {
        return embedding.codebooks();
    }

    /**
     * Returns the number of codes per codebook. The code equal to this number marks the end of speech and has no audio.
     */
    public int codes() {
        return embedding.codes();
    }

    /** Starts an utterance whose frames arrive block by block. */
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
        private LfmLayers.Sequence sequence = layers.start();
        private OverlapAdd overlap = new OverlapAdd(window, HOP);
        private final Workspace workspace = new Workspace();

        private Utterance(Probe probe) {
            this.probe = probe;
        }

        /**
         * Accepts the next frames. A frame that contains an end code has no audio; it is skipped (LFM2.5), or it ends a
         * piece of speech, whose remaining samples are returned (LFM3). The division into blocks does not affect the
         * samples, except for their last bits if weights are quantised.
         *
         * @param codes codes of complete frames, frame by frame, each from 0 to {@link FrameDecoder#codes}
         * @return new final samples; the last 480 samples are not yet final
         * @throws IllegalArgumentException if a code is out of range, or if a frame is not complete; the utterance is
         *     then unchanged
         * @throws BadFileException if the weights give samples that are not finite
         */
        public float[] accept(int[] codes) {
            check(codes);
            int books = codebooks();
            int[] withoutEndFrames = new int[codes.length];
            int count = 0;
            float[] samples = {};
            for (int at = 0; at < codes.length; at += books) {
                if (Arrays.stream(codes, at, at + books).noneMatch(code -> code == codes())) {
                    System.arraycopy(codes, at, withoutEndFrames, count, books);
                    count += books;
                } else if (restarts) {
                    samples = joined(samples, decode(Arrays.copyOf(withoutEndFrames, count)));
                    samples = joined(samples, overlap.finish());
                    count = 0;
                    sequence = layers.start();
                    overlap = new OverlapAdd(window, HOP);
                }
            }
            return finite(joined(samples, decode(Arrays.copyOf(withoutEndFrames, count))));
        }

        private float[] decode(int[] codes) {
            int frames = codes.length / codebooks();
            float[] samples = {};
            for (int from = 0; from < frames; from += together) {
                samples = joined(samples, decode(codes, from, Math.min(frames, from + together)));
            }
            return samples;
        }

        private static float[] joined(float[] first, float[] second) {
            float[] all = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, all, first.length, second.length);
            return all;
        }

        /** Finishes the utterance and returns the remaining samples. */
        public float[] finish() {
            return finite(overlap.finish());
        }

        private float[] decode(int[] codes, int from, int to) {
            Block x = embedded(codes, from, to);
            sequence.run(x, workspace, probe);
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

        /** Returns the embedding of each frame, repeated six times. */
        private Block embedded(int[] codes, int from, int to) {
            int width = config.width();
            Block frames = workspace.take(to - from, width);
            embedding.embed(Arrays.copyOfRange(codes, from * codebooks(), to * codebooks()), frames, probe);
            Block x = workspace.take((to - from) * POSITIONS, width);
            for (int row = 0; row < x.rows(); row++) {
                System.arraycopy(frames.data(), row / POSITIONS * width, x.data(), row * width, width);
            }
            workspace.release(frames);
            return x;
        }
    }

    private float[] finite(float[] samples) {
        if (Finite.all(samples)) return samples;
        throw new BadFileException(source, "expected weights that give finite samples, found NaN or infinity");
    }

    private void check(int[] codes) {
        int books = codebooks();
        if (codes.length % books != 0) {
            throw new IllegalArgumentException(
                    "codes: expected complete frames of " + books + ", got " + codes.length + " codes");
        }
        for (int code : codes) {
            if (code < 0 || code > codes()) {
                throw new IllegalArgumentException("code " + code + ": expected 0 to " + codes());
            }
        }
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
