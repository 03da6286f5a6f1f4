package sparrow.engine.transformer;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import sparrow.tensor.Finite;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.KvFormat;
import sparrow.tensor.kernel.Weight;

/**
 * A decoder-only transformer. Its only forward pass runs positions through layers, and each layer reads its weights
 * once for all positions in the pass. A prefill is a pass with many positions of one sequence; a decode step is one or
 * more passes with the newest position of each sequence. To fill missing keys and values, SPAR-K adds positions that
 * exited early to a later pass (section 4.2.3).
 *
 * <p>This class decides which positions run in which layers. A {@link LayerStack} runs the layers on this machine's
 * threads or on a device.
 *
 * <p>Instances are safe for use by multiple threads, but only one pass runs at a time. Caches and positions are not
 * thread-safe: a sequence must be used by one thread at a time.
 */
public final class Transformer {
    /**
     * Maximum number of positions that run through the layers together. The number is large enough to use the matrix
     * kernels fully and small enough to bound the memory for activations. A larger pass is split into parts, each of
     * which reads the weights again.
     */
    public static final int PASS_POSITIONS = 256;

    /**
     * Maximum number of rows of which products with quantised weights are computed differently. Each part of a divided
     * pass has more rows, so that no bit of its result changes.
     */
    private static final int FEW_ROWS = 12;

    private final TransformerConfig config;
    private final Kernels kernels;
    private final Kernels decodingKernels;
    private final Matrix embedding;
    private final List<Layer> layers;
    private final float[] finalNorm;
    private final Weight output;
    private final boolean tied;
    private final LayerStack stack;

    /** Runs positions for decoding. */
    private final LayerStack decoding;

    // The lock is fair, so that a long prefill on one thread does not block other threads' passes until it ends.
    private final ReentrantLock pass = new ReentrantLock(true);

    /**
     * Creates a transformer that runs on this machine's threads.
     *
     * @param embedding embedding matrix, [vocabulary, width]
     * @param layers layers in order
     * @param finalNorm weight of the norm preceding the output matrix, [width]
     * @param output output matrix, [vocabulary, width]
     * @throws IllegalArgumentException if the parts do not match the configuration
     */
    public Transformer(
            TransformerConfig config,
            Kernels kernels,
            Matrix embedding,
            List<Layer> layers,
            float[] finalNorm,
            Weight output) {
        this(config, kernels, embedding, layers, finalNorm, output, false, new HostStack(config, kernels, layers));
    }

    private Transformer(
            TransformerConfig config,
            Kernels kernels,
            Matrix embedding,
            List<Layer> layers,
            float[] finalNorm,
            Weight output,
            boolean tied,
            LayerStack stack) {
        if (layers.size() != config.layers()) {
            throw new IllegalArgumentException("layers: expected " + config.layers() + ", got " + layers.size());
        }
        if (embedding.rows() != config.vocabulary() || embedding.columns() != config.width()) {
            throw new IllegalArgumentException("embedding: expected " + config.vocabulary() + " x " + config.width()
                    + ", got " + embedding.rows() + " x " + embedding.columns());
        }
        this.config = config;
        this.kernels = kernels;
        this.decodingKernels = kernels.decoding();
        this.embedding = embedding;
        this.layers = List.copyOf(layers);
        this.finalNorm = finalNorm;
        this.output = output;
        this.tied = tied;
        this.stack = stack;
        this.decoding = stack.decoding();
    }

    /** Returns the configuration. */
    public TransformerConfig config() {
        return config;
    }

    /** Returns the kernels that the passes use. */
    public Kernels kernels() {
        return kernels;
    }

    /** Returns {@link Kernels#decoding} of the kernels, for networks that are decoded together with the layers. */
    public Kernels decodingKernels() {
        return decodingKernels;
    }

    /** Returns the weights of the layers in order. */
    public List<Layer> layers() {
        return layers;
    }

    /** Returns the weight of the norm preceding the output matrix, [width]. */
    public float[] finalNorm() {
        return finalNorm;
    }

    /** Returns the output matrix, [vocabulary, width]. */
    public Weight output() {
        return output;
    }

    /**
     * Returns a copy whose embedding and output matrix, which share their weights, are counted only once in the number
     * of parameters.
     */
    public Transformer tied() {
        return new Transformer(config, kernels, embedding, layers, finalNorm, output, true, stack);
    }

    /** Returns the number of parameters. */
    public long parameters() {
        long vocabulary = (long) config.vocabulary() * config.width();
        return layers.stream().mapToLong(Layer::parameters).sum() + finalNorm.length + (tied ? 1 : 2) * vocabulary;
    }

    /** Returns a copy with the same weights that stores keys and values in a different format. */
    public Transformer withKvFormat(KvFormat format) {
        return new Transformer(
                config,
                kernels.withKvFormat(format),
                embedding,
                layers,
                finalNorm,
                output,
                tied,
                stack.withKvFormat(format));
    }

    /** Returns a copy whose layers and heads run on a different stack. */
    public Transformer on(LayerStack other) {
        return new Transformer(config, kernels, embedding, layers, finalNorm, output, tied, other);
    }

    /** Returns the stack that runs the layers. */
    public LayerStack stack() {
        return stack;
    }

    /** Creates an empty cache for a sequence, in the kernels' format. */
    public KvCache newCache() {
        return new KvCache(config.layers(), stack.newMemory());
    }

    /**
     * Returns the number of bytes required for one position in all layers: keys and values in the kernels' format, and
     * convolution inputs as f32.
     */
    public long kvBytesPerPosition() {
        return layers.stream()
                .mapToLong(layer -> switch (layer.mixer()) {
                    case SelfAttention _ ->
                        2L * config.kvHeads() * kernels.kvFormat().bytes(config.headWidth());
                    case ShortConvolution _ -> (long) config.width() * Float.BYTES;
                })
                .sum();
    }

    /** Returns the number of weight bytes that a layer, counted from 1, reads in one pass. */
    public long layerBytes(int layer) {
        Layer w = layers.get(layer - 1);
        return bytes(w.mixer().linears()) + bytes(List.of(w.gate(), w.up(), w.down()));
    }

    /** Returns the part of {@link #layerBytes} that computes keys and values or convolution inputs. */
    public long keyValueBytes(int layer) {
        return bytes(layers.get(layer - 1).mixer().cacheProjections());
    }

    private static long bytes(List<Linear> linears) {
        long bytes = 0;
        for (Linear linear : linears) bytes += linear.weight().bytes();
        return bytes;
    }

    /**
     * Returns a token's embedding, which is the residual stream before layer 1, in a new array [width].
     *
     * @throws IllegalArgumentException if the id is outside the vocabulary, or if its embedding is not finite
     */
    public float[] embed(int token) {
        float[] hidden = new float[config.width()];
        embed(token, hidden);
        return hidden;
    }

    /**
     * Creates a hidden state.
     *
     * @param values values of the state, [width]; the state takes ownership of the array
     */
    public HiddenState state(float[] values) {
        return stack.state(values);
    }

    /**
     * Creates a kernel that computes logits of hidden states, for use by one thread. The logits of a state do not depend
     * on the other states.
     */
    public HeadKernel newHeadKernel() {
        return decoding.newHeadKernel();
    }

    /** Writes a token's embedding to {@code hidden}, [width]; see {@link #embed(int)}. */
    public void embed(int token, float[] hidden) {
        checkToken(token);
        embedding.row(token, hidden, 0);
        if (!Finite.all(hidden)) {
            throw new IllegalArgumentException("token embedding of id " + token
                    + ": expected finite numbers, found NaN or infinity in the weights");
        }
    }

    /**
     * Checks that an id is in the vocabulary.
     *
     * @throws IllegalArgumentException if the id is outside the vocabulary
     */
    public void checkToken(int token) {
        if (token < 0 || token >= config.vocabulary()) {
            throw new IllegalArgumentException(
                    "token id: expected 0 to " + (config.vocabulary() - 1) + ", got " + token);
        }
    }

    /**
     * Runs each position from its depth up to {@code layer}. A position joins the pass at the layer above its depth; a
     * position that has already passed through {@code layer} is skipped. Each layer reads its weights once for every
     * {@link #PASS_POSITIONS} positions, appends the positions' keys and values to their caches, and increases their
     * depth ({@link Position#depth}). Within a layer, each position attends to the earlier positions in its sequence.
     *
     * <p>If several threads call this method, only one pass runs at a time. A failed pass can be repeated: each
     * position retains the depth that it reached, and no cache contains keys or values above that depth.
     *
     * @param positions positions of any sequences; the positions of each sequence must be in order
     * @param layer layer number, from 1 to L
     * @throws IllegalArgumentException if the model has no such layer
     * @throws IllegalStateException if one of the layers to run lacks an earlier position of a sequence
     */
    public void forward(List<Position> positions, int layer) {
        forward(positions, layer, stack);
    }

    /**
     * Does the same as {@link #forward}, except that the result for a position does not depend on the other positions in
     * the pass, bit for bit, if the layers run on this machine's threads. Products of many positions are slower.
     *
     * @throws IllegalArgumentException as in {@link #forward}
     * @throws IllegalStateException as in {@link #forward}
     */
    public void decode(List<Position> positions, int layer) {
        forward(positions, layer, decoding);
    }

    private void forward(List<Position> positions, int layer, LayerStack on) {
        if (layer < 1 || layer > config.layers()) {
            throw new IllegalArgumentException("layer: expected 1 to " + config.layers() + ", got " + layer);
        }
        pass.lock();
        try {
            for (int from = 0; from < positions.size(); from += PASS_POSITIONS) {
                runUpTo(positions.subList(from, Math.min(positions.size(), from + PASS_POSITIONS)), layer, on);
            }
        } catch (RuntimeException | Error e) {
            positions.forEach(Position::rollBack);
            throw e;
        } finally {
            pass.unlock();
        }
    }

    /**
     * Runs positions of one sequence through all layers, for callers that read only the last position's state. In the
     * last layer, most of the other positions only compute keys and values or convolution inputs. The states that
     * these positions then have are those before the last layer. All other results are the same as with
     * {@link #forward}, except for the last bits of products with stored 16-bit weights.
     *
     * @param positions consecutive positions, in order
     * @throws IllegalStateException if a layer lacks an earlier position of the sequence
     */
    public void prefill(List<Position> positions) {
        int last = config.layers();
        for (int from = 0; from < positions.size(); from += PASS_POSITIONS) {
            List<Position> part = positions.subList(from, Math.min(positions.size(), from + PASS_POSITIONS));
            int tiles = (part.size() - 1) / FEW_ROWS - 1;
            int unread = tiles < 2 ? 0 : tiles * FEW_ROWS;
            if (unread > 0 && last > 1) {
                forward(part, last - 1);
                propagate(part.subList(0, unread), stack);
            }
            forward(part, last);
        }
    }

    private void runUpTo(List<Position> positions, int layer, LayerStack on) {
        int depth = lowest(positions, 0, layer);
        while (depth < layer) {
            int from = depth;
            List<Position> together =
                    positions.stream().filter(p -> p.depth() == from).toList();
            // Stop at the depth of the next positions so that they can join.
            depth = lowest(positions, from + 1, layer);
            run(together, from, depth, on);
        }
    }

    /** Returns the lowest depth that is at least {@code from}, but at most {@code max}. */
    private static int lowest(List<Position> positions, int from, int max) {
        int lowest = max;
        for (Position position : positions) {
            if (position.depth() >= from) lowest = Math.min(lowest, position.depth());
        }
        return lowest;
    }

    /**
     * Computes keys and values from the positions' current hidden states and appends them to the caches in every layer
     * above the positions' depth (CALM's state propagation). Nothing else is computed, and the hidden states do not
     * change. As with {@link #decode}, the result for a position does not depend on the other positions.
     *
     * @param positions positions of any sequences; the positions of each sequence must be in order
     * @throws IllegalStateException if one of these layers lacks an earlier position of a sequence
     */
    public void propagate(List<Position> positions) {
        propagate(positions, decoding);
    }

    private void propagate(List<Position> positions, LayerStack on) {
        if (positions.isEmpty()) return;
        pass.lock();
        try {
            for (int layer = lowest(positions, 0, config.layers()) + 1; layer <= config.layers(); layer++) {
                int below = layer - 1;
                List<Position> atDepth =
                        positions.stream().filter(p -> p.depth() == below).toList();
                if (atDepth.isEmpty()) continue;
                for (Position position : atDepth) position.extend(layer);
                on.keysAndValues(atDepth, layer);
                for (Position position : atDepth) position.reached(layer);
            }
        } catch (RuntimeException | Error e) {
            positions.forEach(Position::rollBack);
            throw e;
        } finally {
            pass.unlock();
        }
    }

    /** Runs positions from depth {@code from} to depth {@code to}. */
    private void run(List<Position> positions, int from, int to, LayerStack on) {
        for (int layer = from + 1; layer <= to; layer++) {
            for (Position position : positions) position.extend(layer);
        }
        on.run(positions, from + 1, to);
        for (Position position : positions) position.reached(to);
    }
}
