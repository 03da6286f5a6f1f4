package sparrow.speech.flow.dit;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import sparrow.speech.flow.Conformer;
import sparrow.speech.flow.EncoderInput;
import sparrow.speech.layers.AttentionMask;
import sparrow.speech.layers.Batch;
import sparrow.speech.layers.CausalConvolution;
import sparrow.speech.layers.Convolution;
import sparrow.speech.layers.FrameTail;
import sparrow.speech.layers.KeyValues;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Norm;
import sparrow.speech.layers.Probe;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * The code encoder (UpsampleConformerEncoderV2): conformer layers at the code rate, then at the frame rate. Codes may
 * arrive in chunks, each followed by the look-ahead for its last codes. A complete utterance is one chunk. A chunk
 * attends to itself and earlier chunks, so the frames depend on the chunk boundaries.
 */
final class UpsamplingEncoder {
    private static final float CONFORMER_EPSILON = 1e-12f;

    private final DitFlowConfig.Encoder config;
    private final EncoderInput embed;
    private final LookAhead lookAhead;
    private final Conformer lower;
    private final CausalConvolution up;
    private final EncoderInput upEmbed;
    private final Conformer upper;
    private final Norm afterNorm;

    /**
     * Memory of earlier chunks.
     *
     * @param lookAhead newest input frames of the look-ahead layer's convolution over earlier rows
     * @param lower keys and values of each layer at the code rate
     * @param up newest input frames of the convolution at the frame rate
     * @param upper keys and values of each layer at the frame rate
     */
    record Memory(FrameTail lookAhead, List<KeyValues> lower, FrameTail up, List<KeyValues> upper) {
        /** Returns an independent copy. */
        Memory fork() {
            return new Memory(lookAhead.fork(), fork(lower), up.fork(), fork(upper));
        }

        /**
         * Allocates keys and values for the given number of codes and frames; the caller then fills the
         * {@link #numbers}.
         */
        void reserve(int codes, int frames) {
            for (KeyValues layer : lower) layer.reserve(codes);
            for (KeyValues layer : upper) layer.reserve(frames);
        }

        /** Returns all arrays of the memory, for reading or writing. */
        Stream<Block> numbers() {
            return Stream.concat(
                    Stream.of(lookAhead, up).map(tail -> tail.frames().all()),
                    Stream.concat(lower.stream(), upper.stream())
                            .flatMap(layer -> Stream.of(layer.keys(), layer.values())));
        }

        /**
         * Removes all keys and values except the keys and values of the newest codes. The convolutions' frames are
         * retained.
         */
        void retainNewest(int codes, int framesPerCode) {
            for (KeyValues layer : lower) layer.retainNewest(codes);
            for (KeyValues layer : upper) layer.retainNewest(codes * framesPerCode);
        }

        private static List<KeyValues> fork(List<KeyValues> layers) {
            return layers.stream().map(KeyValues::fork).toList();
        }
    }

    UpsamplingEncoder(LayerReader reader, DitFlowConfig.Encoder config) {
        int width = config.width();
        var shape = new Conformer.Shape(
                width, config.heads(), config.feedForward(), new AttentionMask.Full(), CONFORMER_EPSILON);
        int kernel = 2 * config.framesPerCode() + 1;
        this.config = config;
        this.embed = EncoderInput.load(reader, "encoder.embed", width);
        this.lookAhead = new LookAhead(reader, "encoder.pre_lookahead_layer", config);
        this.lower = new Conformer(reader, "encoder.encoders", config.layers(), shape);
        this.up = reader.causalConvolution("encoder.up_layer.conv", width, width, kernel);
        this.upEmbed = EncoderInput.load(reader, "encoder.up_embed", width);
        this.upper = new Conformer(reader, "encoder.up_encoders", config.upLayers(), shape);
        this.afterNorm = reader.norm("encoder.after_norm", width);
    }

    /** Creates the memory before the first chunk. */
    Memory start() {
        return new Memory(lookAhead.start(), lower.start(), up.start(1), upper.start());
    }

    /**
     * Encodes a chunk that is not the last chunk.
     *
     * @param codes embedded codes [codes + look-ahead, width]
     * @return encoded frames, [codes * framesPerCode, width]
     */
    Block encode(Block codes, Memory memory, Probe probe) {
        return encodeEmbedded(embedded(codes, probe), memory, probe);
    }

    /**
     * Encodes the last chunk. Rows of zeros replace its look-ahead.
     *
     * @param codes embedded codes [codes, width]
     * @return encoded frames, [codes * framesPerCode, width]
     */
    Block encodeLast(Block codes, Memory memory, Probe probe) {
        Block x = embedded(codes, probe);
        int rows = x.rows() + config.lookahead();
        Block padded = Block.of(Arrays.copyOf(x.data(), rows * x.columns()), rows, x.columns());
        return encodeEmbedded(padded, memory, probe);
    }

    private Block embedded(Block codes, Probe probe) {
        Block x = embed.of(codes);
        probe.see("encoder.embed", x);
        return x;
    }

    private Block encodeEmbedded(Block embedded, Memory memory, Probe probe) {
        Block x = lookAhead.of(embedded, memory.lookAhead());
        probe.see("encoder.pre_lookahead_layer", x);
        lower.run(x, memory.lower(), probe);
        Batch frames = up.of(repeated(x), memory.up());
        probe.see("encoder.up_layer", frames.all());
        x = upEmbed.of(frames.all());
        probe.see("encoder.up_embed", x);
        upper.run(x, memory.upper(), probe);
        return afterNorm.layers(x);
    }

    /** Repeats each row {@code framesPerCode} times. */
    private Batch repeated(Block x) {
        Batch frames = Batch.zeros(1, x.rows() * config.framesPerCode(), x.columns());
        for (int t = 0; t < frames.frames(); t++) {
            int row = t / config.framesPerCode();
            System.arraycopy(x.data(), row * x.columns(), frames.data(), t * x.columns(), x.columns());
        }
        return frames;
    }

    /**
     * Mixes a few later rows into each row (PreLookaheadLayer). The result is the sum of the row and the output of two
     * convolutions, first over later rows and then over earlier rows. Rows without a complete look-ahead produce no
     * output.
     */
    private static final class LookAhead {
        private static final int BACK_KERNEL = 3;

        private final Kernels kernels;
        private final Convolution ahead;
        private final CausalConvolution back;

        LookAhead(LayerReader reader, String name, DitFlowConfig.Encoder config) {
            int width = config.width();
            this.kernels = reader.kernels();
            this.ahead = reader.convolution(name + ".conv1", width, width, config.lookahead() + 1, 1, 0);
            this.back = reader.causalConvolution(name + ".conv2", width, width, BACK_KERNEL);
        }

        /** Returns zeros as the frames before the first chunk. */
        FrameTail start() {
            return back.start(1);
        }

        /**
         * Applies the layer to x [rows + look-ahead, width], which must fill its array, and returns a new block [rows,
         * width].
         */
        Block of(Block x, FrameTail tail) {
            Block seen = ahead.of(x);
            kernels.apply(Activation.LEAKY_RELU_0_01, seen);
            Batch y = back.of(new Batch(seen.data(), 1, seen.rows(), seen.columns()), tail);
            kernels.addScaled(1, x.data(), 0, y.data(), 0, y.data().length);
            return y.all();
        }
    }
}
