package sparrow.engine.transformer;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import sparrow.tensor.Finite;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.KvFormat;
import sparrow.tensor.kernel.Weight;

/**
 * A decoder-only transformer. Its only forward pass runs positions through layers; each layer reads its weights once
 * for all positions of the pass. Prefill is a pass with many positions of one sequence; a decode step is one or more
 * passes with the newest position of each sequence. To fill missing keys and values, SPAR-K adds the positions that exited early to a
 * later pass (section 4.2.3).
 *
 * <p>This class decides which positions run in which layers. A {@link LayerStack} runs them, on this machine's threads
 * or on a device.
 *
 * <p>Safe for several threads: passes run one after another. Caches and positions are not: a sequence belongs to one
 * thread at a time.
 */
public final class Transformer {
    /**
     * Maximum number of positions that run through the layers together: enough to use the matrix kernels fully, few
     * enough to bound the memory of the activations. A larger pass is split, and each part reads the weights again.
     */
    public static final int PASS_POSITIONS = 256;

    private final TransformerConfig config;
    private final Kernels kernels;
    private final Matrix embedding;
    private final List<Layer> layers;
    private final float[] finalNorm;
    private final Weight output;
    private final boolean tied;
    private final LayerStack stack;
    // Fair, so that a long prefill on one thread does not block the passes of other threads until it ends.
    private final ReentrantLock pass = new ReentrantLock(true);

    /**
     * Creates a transformer that runs on this machine's threads.
     *
     * @param embedding [vocabulary, width]
     * @param layers the L layers in order
     * @param finalNorm [width]
     * @param output output matrix [vocabulary, width]
     * @throws IllegalArgumentException if the parts do not fit the configuration
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
        this.embedding = embedding;
        this.layers = List.copyOf(layers);
        this.finalNorm = finalNorm;
        this.output = output;
        this.tied = tied;
        this.stack = stack;
    }

    /** The sizes. */
    public TransformerConfig config() {
        return config;
    }

    /** The kernels that the passes use. */
    public Kernels kernels() {
        return kernels;
    }

    /** The weights of the layers in order. */
    public List<Layer> layers() {
        return layers;
    }

    /** Weight of the norm before the output matrix, [width]. */
    public float[] finalNorm() {
        return finalNorm;
    }

    /** The output matrix, [vocabulary, width]. */
    public Weight output() {
        return output;
    }

    /**
     * Returns a copy that counts the parameters of embedding and output matrix once, because they share their weights.
     */
    public Transformer tied() {
        return new Transformer(config, kernels, embedding, layers, finalNorm, output, true, stack);
    }

    /** Number of parameters. */
    public long parameters() {
        long vocabulary = (long) config.vocabulary() * config.width();
        return layers.stream().mapToLong(Layer::parameters).sum() + finalNorm.length + (tied ? 1 : 2) * vocabulary;
    }

    /** Returns a copy with the same weights that stores the keys and values of sequences in another format. */
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

    /** Returns a copy whose layers and heads run on another stack. */
    public Transformer on(LayerStack other) {
        return new Transformer(config, kernels, embedding, layers, finalNorm, output, tied, other);
    }

    /** The stack that runs the layers. */
    public LayerStack stack() {
        return stack;
    }

    /** Creates an empty cache for a sequence, in the format of the kernels. */
    public KvCache newCache() {
        return new KvCache(config.layers(), stack.newMemory());
    }

    /**
     * Bytes of memory for one position in all layers: keys and values in the format of the kernels, and inputs of
     * convolutions in f32.
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

    /** Bytes of weights that a layer (counted from 1) reads in one pass. */
    public long layerBytes(int layer) {
        Layer w = layers.get(layer - 1);
        return bytes(w.mixer().linears()) + bytes(List.of(w.gate(), w.up(), w.down()));
    }

    /** The part of {@link #layerBytes} that computes keys and values, or inputs of a convolution. */
    public long keyValueBytes(int layer) {
        return bytes(layers.get(layer - 1).mixer().cacheProjections());
    }

    private static long bytes(List<Linear> linears) {
        long bytes = 0;
        for (Linear linear : linears) bytes += linear.weight().bytes();
        return bytes;
    }

    /**
     * Returns the embedding of a token, which is the residual stream before layer 1, in a new array, [width].
     *
     * @throws IllegalArgumentException if the id is outside the vocabulary, or its embedding is not finite
     */
    public float[] embed(int token) {
        float[] hidden = new float[config.width()];
        embed(token, hidden);
        return hidden;
    }

    /**
     * Creates a hidden state.
     *
     * @param values its values, [width]; the state takes ownership of the array
     */
    public HiddenState state(float[] values) {
        return stack.state(values);
    }

    /** Creates a kernel that computes logits of hidden states; for one thread. */
    public HeadKernel newHeadKernel() {
        return stack.newHeadKernel();
    }

    /** Writes the embedding of a token to {@code hidden}, [width]; see {@link #embed(int)}. */
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
     * @throws IllegalArgumentException if it is not
     */
    public void checkToken(int token) {
        if (token < 0 || token >= config.vocabulary()) {
            throw new IllegalArgumentException(
                    "token id: expected 0 to " + (config.vocabulary() - 1) + ", got " + token);
        }
    }

    /**
     * Runs each position from its depth up to {@code layer}. A position joins the pass at the layer above its depth; a
     * position that has already gone through {@code layer} is skipped. Each layer reads its weights once for every {@link #PASS_POSITIONS}
     * positions, appends their keys and values to their caches, and increases their depth ({@link Position#depth}).
     * Within a layer, each position attends to the earlier positions of its sequence.
     *
     * <p>Passes of several threads run one after another. A failed pass can be repeated: each position keeps the depth
     * that it reached, and no cache holds keys or values above it.
     *
     * @param positions positions of any sequences; those of one sequence in order
     * @param layer from 1 to L
     * @throws IllegalArgumentException if the model has no such layer
     * @throws IllegalStateException if one of the layers to run lacks an earlier position of a sequence
     */
    public void forward(List<Position> positions, int layer) {
        if (layer < 1 || layer > config.layers()) {
            throw new IllegalArgumentException("layer: expected 1 to " + config.layers() + ", got " + layer);
        }
        pass.lock();
        try {
            for (int from = 0; from < positions.size(); from += PASS_POSITIONS) {
                runUpTo(positions.subList(from, Math.min(positions.size(), from + PASS_POSITIONS)), layer);
            }
        } catch (RuntimeException | Error e) {
            positions.forEach(Position::rollBack);
            throw e;
        } finally {
            pass.unlock();
        }
    }

    private void runUpTo(List<Position> positions, int layer) {
        int depth = lowest(positions, 0, layer);
        while (depth < layer) {
            int from = depth;
            List<Position> together =
                    positions.stream().filter(p -> p.depth() == from).toList();
            // Stop at the depth of the next positions, so that they can join.
            depth = lowest(positions, from + 1, layer);
            run(together, from, depth);
        }
    }

    /** The lowest depth that is at least {@code from}, or {@code max} if it is greater than that. */
    private static int lowest(List<Position> positions, int from, int max) {
        int lowest = max;
        for (Position position : positions) {
            if (position.depth() >= from) lowest = Math.min(lowest, position.depth());
        }
        return lowest;
    }

    /**
     * Appends keys and values of positions to their caches in every layer above their depth, computed from their
     * current hidden states (CALM's state propagation). Nothing else is computed, and the hidden states do not change.
     *
     * @param positions positions of any sequences; those of one sequence in order
     * @throws IllegalStateException if one of these layers lacks an earlier position of a sequence
     */
    public void propagate(List<Position> positions) {
        if (positions.isEmpty()) return;
        pass.lock();
        try {
            for (int layer = lowest(positions, 0, config.layers()) + 1; layer <= config.layers(); layer++) {
                int below = layer - 1;
                List<Position> atDepth =
                        positions.stream().filter(p -> p.depth() == below).toList();
                if (atDepth.isEmpty()) continue;
                for (Position position : atDepth) position.extend(layer);
                stack.keysAndValues(atDepth, layer);
                for (Position position : atDepth) position.reached(layer);
            }
        } catch (RuntimeException | Error e) {
            positions.forEach(Position::rollBack);
            throw e;
        } finally {
            pass.unlock();
        }
    }

    /** Runs positions of depth {@code from} up to depth {@code to}. */
    private void run(List<Position> positions, int from, int to) {
        for (int layer = from + 1; layer <= to; layer++) {
            for (Position position : positions) position.extend(layer);
        }
        stack.run(positions, from + 1, to);
        for (Position position : positions) position.reached(to);
    }
}
