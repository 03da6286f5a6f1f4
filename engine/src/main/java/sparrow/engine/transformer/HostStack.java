package sparrow.engine.transformer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.KvFormat;
import sparrow.tensor.kernel.Product;

/**
 * Runs a model's layers on this machine's threads. Only one pass runs at a time because passes share scratch memory.
 */
final class HostStack implements LayerStack {
    private final TransformerConfig config;
    private final Kernels kernels;
    private final List<Layer> layers;
    private final Attention attention;

    /** Rotary tables of each layer, or null for a layer without attention. Layers with equal embeddings share a table. */
    private final List<Rope.Table> ropeTables;

    private Scratch scratch;

    HostStack(TransformerConfig config, Kernels kernels, List<Layer> layers) {
        this.config = config;
        this.kernels = kernels;
        this.layers = List.copyOf(layers);
        this.attention = new Attention(config, kernels);
        Map<Rope, Rope.Table> tables = new HashMap<>();
        this.ropeTables = layers.stream()
                .map(layer -> layer.mixer() instanceof SelfAttention attention
                        ? tables.computeIfAbsent(attention.rope(config), Rope.Table::new)
                        : null)
                .toList();
        this.scratch = newScratch(1);
    }

    private Scratch newScratch(int rows) {
        boolean convolves = layers.stream().anyMatch(layer -> layer.mixer() instanceof ShortConvolution);
        return new Scratch(config, rows, convolves);
    }

    /** Wraps the array without copying it. */
    @Override
    public HiddenState state(float[] values) {
        return new HostHiddenState(values);
    }

    @Override
    public HostStack withKvFormat(KvFormat format) {
        return new HostStack(config, kernels.withKvFormat(format), layers);
    }

    @Override
    public HostStack decoding() {
        return new HostStack(config, kernels.decoding(), layers);
    }

    /** Does nothing because the weights belong to their loader. */
    @Override
    public void close() {}

    @Override
    public KvMemory newMemory() {
        return new HostKvMemory(
                kernels, layers.stream().map(layer -> newMemory(layer.mixer())).toList());
    }

    private LayerMemory newMemory(TokenMixer mixer) {
        return switch (mixer) {
            case SelfAttention attention ->
                new LayerMemory.KeysAndValues(
                        kernels.keyValues(config.kvHeads(), config.headWidth()), attention.rope(config));
            case ShortConvolution _ -> new LayerMemory.Inputs(new ConvolutionInputs(config.width()));
        };
    }

    @Override
    public HeadKernel newHeadKernel() {
        return new HostHeadKernel(kernels);
    }

    @Override
    public void run(List<? extends PassPosition> rows, int first, int last) {
        load(rows);
        List<Attention.Run> runs = attention.runs(rows);
        for (int layer = first; layer <= last; layer++) {
            mixerBlock(layers.get(layer - 1), layer, rows, runs);
            ffnBlock(layers.get(layer - 1), rows.size());
        }
        int width = config.width();
        for (int r = 0; r < rows.size(); r++) {
            rows.get(r).state().write(scratch.x, r * width);
        }
    }

    @Override
    public void keysAndValues(List<? extends PassPosition> rows, int layer) {
        load(rows);
        Layer w = layers.get(layer - 1);
        Block normed = normed(w.mixerNorm(), rows.size());
        switch (w.mixer()) {
            case SelfAttention attention -> keysAndValues(attention, layer, rows, normed);
            case ShortConvolution convolution -> inputs(convolution, layer, rows, normed);
        }
    }

    /** Copies the states of the rows to x. */
    private void load(List<? extends PassPosition> rows) {
        int n = rows.size();
        int width = config.width();
        if (scratch.capacity < n) scratch = newScratch(n);
        for (int r = 0; r < n; r++) System.arraycopy(values(rows.get(r)), 0, scratch.x, r * width, width);
    }

    private static float[] values(PassPosition row) {
        return ((HostHiddenState) row.state()).values();
    }

    /** Computes {@code x += mixer(rms(x))}, or {@code x += rms(mixer(rms(x)))} with post norms. */
    private void mixerBlock(Layer w, int layer, List<? extends PassPosition> rows, List<Attention.Run> runs) {
        int n = rows.size();
        Block normed = normed(w.mixerNorm(), n);
        Block change = Block.of(scratch.change, n, config.width());
        switch (w.mixer()) {
            case SelfAttention attention -> attend(attention, layer, rows, runs, normed, change);
            case ShortConvolution convolution -> convolve(convolution, layer, rows, normed, change);
        }
        if (w.postNorms() != null) kernels.rmsNorm(change, w.postNorms().mixer(), config.normEpsilon(), change);
        add(change, Block.of(scratch.x, n, config.width()));
    }

    /** Returns {@code rms(x)}. */
    private Block normed(float[] norm, int n) {
        Block normed = Block.of(scratch.normed, n, config.width());
        kernels.rmsNorm(Block.of(scratch.x, n, config.width()), norm, config.normEpsilon(), normed);
        return normed;
    }

    private void attend(
            SelfAttention w, int layer, List<? extends PassPosition> rows, List<Attention.Run> runs, Block x, Block y) {
        int n = rows.size();
        Block queries = Block.of(scratch.queries, n, config.queryWidth());
        Block keys = Block.of(scratch.keys, n, config.kvWidth());
        Block values = Block.of(scratch.values, n, config.kvWidth());
        Block mixed = Block.of(scratch.mixed, n, config.queryWidth());
        Block gates = Block.of(scratch.headGates, n, config.heads());
        List<Product> products = new ArrayList<>(
                List.of(w.query().into(queries), w.key().into(keys), w.value().into(values)));
        if (w.gate() != null) products.add(w.gate().into(gates));
        kernels.linear(x, products);
        normHeads(w.queryNorm(), scratch.queries, n * config.heads());
        normHeads(w.keyNorm(), scratch.keys, n * config.kvHeads());
        for (int r = 0; r < n; r++) {
            rotateQuery(layer, rows.get(r), r);
            appendKeyAndValue(layer, rows.get(r), r);
        }
        attention.attend(layer, w.span(), runs, queries, mixed);
        if (w.gate() != null) multiplyByGates(mixed, gates);
        w.output().apply(kernels, mixed, y);
    }

    /** Multiplies each head by the sigmoid of its gate. */
    private void multiplyByGates(Block heads, Block gates) {
        for (int i = 0; i < gates.rows() * gates.columns(); i++) {
            float factor = (float) (1 / (1 + Math.exp(-gates.data()[i])));
            int from = i * config.headWidth();
            for (int c = from; c < from + config.headWidth(); c++) heads.data()[c] *= factor;
        }
    }

    /** Applies the RMS norm to each head if the layer has one. */
    private void normHeads(float[] norm, float[] heads, int count) {
        if (norm == null) return;
        Block each = Block.of(heads, count, config.headWidth());
        kernels.rmsNorm(each, norm, config.normEpsilon(), each);
    }

    private void convolve(ShortConvolution w, int layer, List<? extends PassPosition> rows, Block x, Block y) {
        int n = rows.size();
        int width = config.width();
        Block gate = Block.of(scratch.inputGates, n, width);
        Block outputGate = Block.of(scratch.outputGates, n, width);
        Block input = Block.of(scratch.inputs, n, width);
        kernels.linear(
                x,
                List.of(
                        w.inputGate().into(gate),
                        w.outputGate().into(outputGate),
                        w.input().into(input)));
        for (int r = 0; r < n; r++) appendInput(layer, rows.get(r), r);
        kernels.pool().forEach(n, (long) n * width * (w.taps().length + 1), r -> {
            PassPosition row = rows.get(r);
            inputs(row, layer).convolve(w.taps(), row.slot(layer), scratch.inputs, r * width);
            for (int c = r * width; c < (r + 1) * width; c++) scratch.inputs[c] *= scratch.outputGates[c];
        });
        w.output().apply(kernels, input, y);
    }

    private static ConvolutionInputs inputs(PassPosition row, int layer) {
        return ((LayerMemory.Inputs) ((HostKvMemory) row.memory()).layer(layer)).rows();
    }

    /**
     * Computes {@code x += down(silu(gate(rms(x))) * up(rms(x)))}. With post norms, the change is normalised before it
     * is added.
     */
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
        if (w.postNorms() != null) kernels.rmsNorm(change, w.postNorms().ffn(), config.normEpsilon(), change);
        add(change, x);
    }

    /** Appends the keys and values of x to their positions' memories. */
    private void keysAndValues(SelfAttention w, int layer, List<? extends PassPosition> rows, Block x) {
        int n = rows.size();
        Block keys = Block.of(scratch.keys, n, config.kvWidth());
        Block values = Block.of(scratch.values, n, config.kvWidth());
        kernels.linear(x, List.of(w.key().into(keys), w.value().into(values)));
        normHeads(w.keyNorm(), scratch.keys, n * config.kvHeads());
        for (int r = 0; r < n; r++) appendKeyAndValue(layer, rows.get(r), r);
    }

    /** Appends the convolution inputs of x to their positions' memories. */
    private void inputs(ShortConvolution w, int layer, List<? extends PassPosition> rows, Block x) {
        int n = rows.size();
        Block gate = Block.of(scratch.inputGates, n, config.width());
        Block input = Block.of(scratch.inputs, n, config.width());
        kernels.linear(x, List.of(w.inputGate().into(gate), w.input().into(input)));
        for (int r = 0; r < n; r++) appendInput(layer, rows.get(r), r);
    }

    /** Appends the convolution input in row {@code r} of the pass to its position's memory. */
    private void appendInput(int layer, PassPosition row, int r) {
        inputs(row, layer).append(scratch.inputGates, scratch.inputs, r * config.width());
    }

    /** Rotates the query heads in row {@code r} of the pass to their position. */
    private void rotateQuery(int layer, PassPosition row, int r) {
        rotateHeads(layer, scratch.queries, r * config.queryWidth(), config.heads(), row.index());
    }

    /**
     * Rotates the key heads in row {@code r} of the pass to their position and appends key and value to the position's
     * memory.
     */
    private void appendKeyAndValue(int layer, PassPosition row, int r) {
        int kv = r * config.kvWidth();
        rotateHeads(layer, scratch.keys, kv, config.kvHeads(), row.index());
        LayerMemory memory = ((HostKvMemory) row.memory()).layer(layer);
        ((LayerMemory.KeysAndValues) memory).panels().append(scratch.keys, kv, scratch.values, kv);
    }

    /** Computes {@code x += change}. */
    private void add(Block change, Block x) {
        int n = x.columns();
        kernels.pool()
                .forEach(
                        x.rows(),
                        (long) x.rows() * n,
                        r -> kernels.addScaled(1, change.data(), r * n, x.data(), r * n, n));
    }

    /** Computes {@code gate = silu(gate) * up}. The work estimate counts the exponential as several additions. */
    private void swiglu(Block gate, Block up) {
        int n = gate.columns();
        kernels.pool()
                .forEach(
                        gate.rows(),
                        8L * gate.rows() * n,
                        r -> kernels.siluMultiply(gate.data(), r * n, up.data(), r * n, n));
    }

    private void rotateHeads(int layer, float[] x, int at, int heads, int position) {
        Rope.Table table = ropeTables.get(layer - 1);
        for (int head = 0; head < heads; head++) table.rotate(kernels, x, at + head * config.headWidth(), position);
    }

    /** Memory for the activations of a pass, which the next pass reuses. */
    private static final class Scratch {
        final int capacity;
        final float[] x;
        final float[] normed;
        final float[] queries;
        final float[] keys;
        final float[] values;
        final float[] mixed;
        final float[] headGates;
        final float[] inputGates;
        final float[] outputGates;
        final float[] inputs;
        final float[] gate;
        final float[] up;
        final float[] change;

        Scratch(TransformerConfig config, int rows, boolean convolves) {
            capacity = rows;
            x = new float[rows * config.width()];
            normed = new float[rows * config.width()];
            queries = new float[rows * config.queryWidth()];
            keys = new float[rows * config.kvWidth()];
            values = new float[rows * config.kvWidth()];
            mixed = new float[rows * config.queryWidth()];
            headGates = new float[rows * config.heads()];
            int convolved = convolves ? rows * config.width() : 0;
            inputGates = new float[convolved];
            outputGates = new float[convolved];
            inputs = new float[convolved];
            gate = new float[rows * config.ffnWidth()];
            up = new float[rows * config.ffnWidth()];
            change = new float[rows * config.width()];
        }
    }
}
