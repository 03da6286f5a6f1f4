package sparrow.engine.transformer;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import sparrow.tensor.Finite;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.KvFormat;
import sparrow.tensor.kernel.Weight;

/**
 * A decoder-only transformer. Its only forward pass takes positions through layers; each layer reads its weights once for all positions
 * that run it. Prefill is a pass with many positions of one sequence, a decode step has one position of each sequence, and SPAR-K's fill
 * (4.2.3) adds the positions that exited early.
 *
 * <p>It decides which positions run in which layers. A {@link LayerStack} decides where: on the threads of this
 * machine, or on a device.
 *
 * <p>Safe for several threads: a pass waits for the one before it.
 * Caches and positions are not: a sequence belongs to one thread at a time.
 */
public final class Transformer {
    /**
     * Positions that layers are run with at a time: enough to use the matrix kernels fully, few enough to bound the
     * activations. A pass of more reads the weights once for so many.
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
    // Fair: a long prefill on one thread does not keep the others waiting until it is through.
    private final ReentrantLock pass = new ReentrantLock(true);

    /**
     * @param embedding [vocabulary, width]
     * @param layers L of them
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

    /** The kernels of the passes. */
    public Kernels kernels() {
        return kernels;
    }

    /** The layers' weights, the first layer first. */
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

    /** This transformer, whose output matrix is its embedding: counted once. */
    public Transformer tied() {
        return new Transformer(config, kernels, embedding, layers, finalNorm, output, true, stack);
    }

    /** Numbers of all its weights. */
    public long parameters() {
        long vocabulary = (long) config.vocabulary() * config.width();
        return layers.stream().mapToLong(Layer::parameters).sum() + finalNorm.length + (tied ? 1 : 2) * vocabulary;
    }

    /** This transformer, with the same weights, keeping the keys and values of its sequences in another format. */
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

    /** This transformer, whose layers are computed elsewhere; so are the scores of its heads. */
    public Transformer on(LayerStack other) {
        return new Transformer(config, kernels, embedding, layers, finalNorm, output, tied, other);
    }

    /** The stack that computes the layers. */
    public LayerStack stack() {
        return stack;
    }

    /** An empty cache for a sequence of this transformer, in the format of its kernels. */
    public KvCache newCache() {
        return new KvCache(config.layers(), stack.newMemory());
    }

    /**
     * Bytes that a position takes in all layers together: keys and values in the format of the kernels, inputs of convolutions in
     * f32.
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

    /** The part of {@link #layerBytes} for keys and values, or for the inputs of the convolution. */
    public long keyValueBytes(int layer) {
        return bytes(layers.get(layer - 1).mixer().kept());
    }

    private static long bytes(List<Linear> linears) {
        long bytes = 0;
        for (Linear linear : linears) bytes += linear.weight().bytes();
        return bytes;
    }

    /**
     * The residual stream before layer 1 of a token, [width]. The caller owns it.
     *
     * @throws IllegalArgumentException if the id is outside of the vocabulary, or its embedding is not finite
     */
    public float[] embed(int token) {
        float[] hidden = new float[config.width()];
        embed(token, hidden);
        return hidden;
    }

    /**
     * A state with these values.
     *
     * @param values [width]; they belong to the state from now on
     */
    public HiddenState state(float[] values) {
        return stack.state(values);
    }

    /** A kernel that computes logits of states of this transformer; for one thread. */
    public HeadKernel newHeadKernel() {
        return stack.newHeadKernel();
    }

    /** {@link #embed(int)} into memory of the caller, [width]. */
    public void embed(int token, float[] hidden) {
        checkToken(token);
        embedding.row(token, hidden, 0);
        if (!Finite.all(hidden)) {
            throw new IllegalArgumentException("token embedding of id " + token
                    + ": expected finite numbers, found NaN or infinity in the weights");
        }
    }

    /**
     * Refuses an id that is not one of the vocabulary.
     *
     * @throws IllegalArgumentException in one line
     */
    public void checkToken(int token) {
        if (token < 0 || token >= config.vocabulary()) {
            throw new IllegalArgumentException(
                    "token id: expected 0 to " + (config.vocabulary() - 1) + ", got " + token);
        }
    }

    /**
     * Takes each position from its own depth up to {@code layer}. A position joins the pass at the layer above its depth; one that has
     * gone through {@code layer} already is left as it is. Each layer reads its weights once for all positions, appends their keys and
     * values to their caches, and increases their depth ({@link Position#depth}). Positions of one sequence are given in order; within a
     * layer each one attends to the ones before it.
     *
     * <p>Passes of several threads wait for one another. A pass that failed can be repeated: each position has the depth that it reached,
     * and no cache holds keys or values above it.
     *
     * @param layer from 1 to L
     * @throws IllegalArgumentException if the model has no such layer
     * @throws IllegalStateException if a position lacks an earlier one of its sequence in a layer that it runs
     */
    public void forward(List<Position> positions, int layer) {
        if (layer < 1 || layer > config.layers()) {
            throw new IllegalArgumentException("layer: expected 1 to " + config.layers() + ", got " + layer);
        }
        pass.lock();
        try {
            for (int from = 0; from < positions.size(); from += PASS_POSITIONS) {
                carry(positions.subList(from, Math.min(positions.size(), from + PASS_POSITIONS)), layer);
            }
        } catch (RuntimeException | Error e) {
            positions.forEach(Position::takeBack);
            throw e;
        } finally {
            pass.unlock();
        }
    }

    private void carry(List<Position> positions, int layer) {
        int depth = lowest(positions, 0, layer);
        while (depth < layer) {
            int here = depth;
            List<Position> together =
                    positions.stream().filter(p -> p.depth() == here).toList();
            // Up to where the next ones join.
            depth = lowest(positions, here + 1, layer);
            run(together, here, depth);
        }
    }

    /** The lowest depth of positions with a depth of {@code from} or more; at most {@code most}. */
    private static int lowest(List<Position> positions, int from, int most) {
        int lowest = most;
        for (Position position : positions) {
            if (position.depth() >= from) lowest = Math.min(lowest, position.depth());
        }
        return lowest;
    }

    /**
     * Appends keys and values of positions to their caches in every layer that they have before them, as if no layer changed
     * their hidden states on the way: CALM's state propagation. Nothing but keys and values is computed, and the hidden
     * states stay as they are. Positions of one sequence are given in their order.
     *
     * @throws IllegalStateException if a position lacks an earlier one of its sequence in one of these layers
     */
    public void propagate(List<Position> positions) {
        if (positions.isEmpty()) return;
        pass.lock();
        try {
            for (int layer = lowest(positions, 0, config.layers()) + 1; layer <= config.layers(); layer++) {
                int below = layer - 1;
                List<Position> here =
                        positions.stream().filter(p -> p.depth() == below).toList();
                if (here.isEmpty()) continue;
                for (Position position : here) position.extend(layer);
                stack.keysAndValues(here, layer);
                for (Position position : here) position.reached(layer);
            }
        } catch (RuntimeException | Error e) {
            positions.forEach(Position::takeBack);
            throw e;
        } finally {
            pass.unlock();
        }
    }

    /** Runs positions of one depth up to another depth. */
    private void run(List<Position> positions, int from, int to) {
        for (int layer = from + 1; layer <= to; layer++) {
            for (Position position : positions) position.extend(layer);
        }
        stack.run(positions, from + 1, to);
        for (Position position : positions) position.reached(to);
    }
}
