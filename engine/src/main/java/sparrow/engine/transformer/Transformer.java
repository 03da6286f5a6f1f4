package sparrow.engine.transformer;

import java.util.List;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.Weight;
import sparrow.engine.tensor.Finite;
import sparrow.engine.tensor.Matrix;

/**
 * A decoder-only transformer that runs rows through layers: layer i processes every row with first <= i <= last, and
 * reads its weights once for all of them. There is no other forward pass; what a row stands for is its caller's matter.
 *
 * <p>One pass at a time: the scratch memory belongs to the transformer.
 */
public final class Transformer {
    private final TransformerConfig config;
    private final Kernels kernels;
    private final Matrix embedding;
    private final List<Layer> layers;
    private final float[] finalNorm;
    private final Weight output;
    private final Attention attention;
    private final RopeTable ropeTable;
    private Scratch scratch;

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
        this.attention = new Attention(config, kernels);
        this.ropeTable = new RopeTable(config.rope());
        this.scratch = new Scratch(config, 1);
    }

    /** The sizes. */
    public TransformerConfig config() {
        return config;
    }

    /** What the passes compute with. */
    public Kernels kernels() {
        return kernels;
    }

    /** The layers' weights, the first layer first. */
    List<Layer> layers() {
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

    /** An empty cache for a sequence of this transformer. */
    public KvCache newCache() {
        return new KvCache(config, kernels);
    }

    /** Bytes of weights that a layer (counted from 1) reads in one pass. */
    public long layerBytes(int layer) {
        Layer w = layers.get(layer - 1);
        return bytes(w.query(), w.key(), w.value(), w.attentionOutput(), w.gate(), w.up(), w.down());
    }

    /** Those of {@link #layerBytes} that make its keys and values. */
    public long keyValueBytes(int layer) {
        Layer w = layers.get(layer - 1);
        return bytes(w.key(), w.value());
    }

    private static long bytes(Linear... linears) {
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
     * Runs rows through their layers; each row's hidden state is replaced by the one after its last layer, and keys and
     * values of every layer that it ran are appended to its cache. Rows of one sequence are given in the order of their
     * positions; within a layer each sees the ones before it.
     *
     * @throws IllegalStateException if a row has an earlier position missing in a layer it runs
     */
    public void forward(List<Row> rows) {
        int layer = 1;
        while (layer <= config.layers()) {
            int from = layer;
            List<Row> active = rows.stream().filter(row -> row.runsIn(from)).toList();
            int last = lastWithSameRows(rows, from);
            if (!active.isEmpty()) run(active, from, last);
            layer = last + 1;
        }
    }

    /**
     * Appends keys and values of rows to their caches in every layer of theirs, as if no layer changed their hidden states
     * on the way: CALM's state propagation. Nothing but keys and values is computed, and the hidden states stay as they
     * are. Rows of one sequence are given in the order of their positions.
     *
     * @throws IllegalStateException if a row has an earlier position missing in one of its layers
     */
    public void propagate(List<Row> rows) {
        for (int layer = 1; layer <= config.layers(); layer++) {
            int here = layer;
            List<Row> active = rows.stream().filter(row -> row.runsIn(here)).toList();
            if (active.isEmpty()) continue;
            load(active);
            keysAndValues(layers.get(layer - 1), layer, active);
        }
    }

    /** The last layer, from {@code layer} on, up to which no row enters or leaves. */
    private int lastWithSameRows(List<Row> rows, int layer) {
        int last = config.layers();
        for (Row row : rows) {
            if (row.last() > config.layers()) {
                throw new IllegalArgumentException(
                        "last layer: the model has " + config.layers() + ", got " + row.last());
            }
            if (row.first() > layer) last = Math.min(last, row.first() - 1);
            if (row.runsIn(layer)) last = Math.min(last, row.last());
        }
        return last;
    }

    private void run(List<Row> rows, int firstLayer, int lastLayer) {
        int n = rows.size();
        int width = config.width();
        load(rows);
        List<Attention.Run> runs = attention.runs(rows);
        for (int layer = firstLayer; layer <= lastLayer; layer++) {
            attentionBlock(layers.get(layer - 1), layer, rows, runs);
            ffnBlock(layers.get(layer - 1), n);
        }
        for (int r = 0; r < n; r++)
            System.arraycopy(scratch.x, r * width, rows.get(r).hidden(), 0, width);
    }

    /** x = the hidden states of the rows. */
    private void load(List<Row> rows) {
        int n = rows.size();
        int width = config.width();
        if (scratch.capacity < n) scratch = new Scratch(config, n);
        for (int r = 0; r < n; r++) System.arraycopy(rows.get(r).hidden(), 0, scratch.x, r * width, width);
    }

    /** x += attention(rms(x)). */
    private void attentionBlock(Layer w, int layer, List<Row> rows, List<Attention.Run> runs) {
        int n = rows.size();
        Block x = Block.of(scratch.x, n, config.width());
        Block normed = Block.of(scratch.normed, n, config.width());
        Block queries = Block.of(scratch.queries, n, config.queryWidth());
        Block keys = Block.of(scratch.keys, n, config.kvWidth());
        Block values = Block.of(scratch.values, n, config.kvWidth());
        Block mixed = Block.of(scratch.mixed, n, config.queryWidth());
        Block change = Block.of(scratch.change, n, config.width());
        kernels.rmsNorm(x, w.attentionNorm(), config.normEpsilon(), normed);
        kernels.linear(
                normed,
                List.of(w.query().into(queries), w.key().into(keys), w.value().into(values)));
        for (int r = 0; r < n; r++) {
            rotateQuery(rows.get(r), r);
            keep(layer, rows.get(r), r);
        }
        attention.attend(layer, runs, queries, mixed);
        w.attentionOutput().apply(kernels, mixed, change);
        add(change, x);
    }

    /** x += down(silu(gate(rms(x))) * up(rms(x))). */
    private void ffnBlock(Layer w, int n) {
        Block x = Block.of(scratch.x, n, config.width());
        Block normed = Block.of(scratch.normed, n, config.width());
        Block gate = Block.of(scratch.gate, n, config.ffnWidth());
        Block up = Block.of(scratch.up, n, config.ffnWidth());
        Block change = Block.of(scratch.change, n, config.width());
        kernels.rmsNorm(x, w.ffnNorm(), config.normEpsilon(), normed);
        kernels.linear(normed, List.of(w.gate().into(gate), w.up().into(up)));
        swiglu(gate, up);
        w.down().apply(kernels, gate, change);
        add(change, x);
    }

    /** Keys and values of rms(x), each to its row's cache. */
    private void keysAndValues(Layer w, int layer, List<Row> rows) {
        int n = rows.size();
        Block normed = Block.of(scratch.normed, n, config.width());
        Block keys = Block.of(scratch.keys, n, config.kvWidth());
        Block values = Block.of(scratch.values, n, config.kvWidth());
        kernels.rmsNorm(Block.of(scratch.x, n, config.width()), w.attentionNorm(), config.normEpsilon(), normed);
        kernels.linear(normed, List.of(w.key().into(keys), w.value().into(values)));
        for (int r = 0; r < n; r++) keep(layer, rows.get(r), r);
    }

    /** Turns the query heads of row r to its position. */
    private void rotateQuery(Row row, int r) {
        rotateHeads(scratch.queries, r * config.queryWidth(), config.heads(), ropeTable.angles(row.position()));
    }

    /** Turns the key heads of row r to its position, and appends its key and value to its cache. */
    private void keep(int layer, Row row, int r) {
        int kv = r * config.kvWidth();
        rotateHeads(scratch.keys, kv, config.kvHeads(), ropeTable.angles(row.position()));
        row.cache().append(layer, row.position(), scratch.keys, kv, scratch.values, kv);
    }

    /** x += change. */
    private void add(Block change, Block x) {
        int n = x.columns();
        kernels.pool()
                .forEach(
                        x.rows(),
                        (long) x.rows() * n,
                        r -> kernels.addScaled(1, change.data(), r * n, x.data(), r * n, n));
    }

    /** gate = silu(gate) * up; an exponential is work for several sums. */
    private void swiglu(Block gate, Block up) {
        int n = gate.columns();
        kernels.pool()
                .forEach(
                        gate.rows(),
                        8L * gate.rows() * n,
                        r -> kernels.siluMultiply(gate.data(), r * n, up.data(), r * n, n));
    }

    private void rotateHeads(float[] x, int at, int heads, float[] angles) {
        for (int head = 0; head < heads; head++) {
            config.rope().rotate(kernels, x, at + head * config.headWidth(), angles);
        }
    }

    /** Activations of one pass, reused by the next. */
    private static final class Scratch {
        final int capacity;
        final float[] x;
        final float[] normed;
        final float[] queries;
        final float[] keys;
        final float[] values;
        final float[] mixed;
        final float[] gate;
        final float[] up;
        final float[] change;

        Scratch(TransformerConfig config, int rows) {
            capacity = rows;
            x = new float[rows * config.width()];
            normed = new float[rows * config.width()];
            queries = new float[rows * config.queryWidth()];
            keys = new float[rows * config.kvWidth()];
            values = new float[rows * config.kvWidth()];
            mixed = new float[rows * config.queryWidth()];
            gate = new float[rows * config.ffnWidth()];
            up = new float[rows * config.ffnWidth()];
            change = new float[rows * config.width()];
        }
    }
}
