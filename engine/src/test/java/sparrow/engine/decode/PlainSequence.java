package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.transformer.AttentionSpan;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.SelfAttention;
import sparrow.engine.transformer.ShortConvolution;
import sparrow.engine.transformer.Span;
import sparrow.engine.transformer.TokenMixer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * A sequence position by position, in plain loops over doubles: every layer keeps a list of the keys and values, or convolution
 * inputs, that it holds, a position goes through its layers at once, and what its treatment gives the layers above is done before the next
 * one comes. No batches, no pending positions, no panels, no kernels.
 */
final class PlainSequence {
    private final TransformerConfig config;
    private final List<PlainLayer> layers;
    private final SkippedKv treatment;
    private final List<List<Entry>> held = new ArrayList<>();
    private int length;

    /**
     * What a layer holds of a position: its key, rotated, and its value, [kvHeads * headWidth], or the input of its convolution,
     * [width].
     */
    record Entry(float[] key, float[] value) {}

    private record PlainLinear(double[][] weight, float[] bias) {
        /** The weights as the kernels hold them, read out by a product with the identity: 1 * w + 0 + ... is w. */
        static PlainLinear of(Linear linear, Kernels kernels) {
            int inputs = linear.weight().columns();
            int outputs = linear.weight().rows();
            float[] identity = new float[inputs * inputs];
            for (int i = 0; i < inputs; i++) identity[i * inputs + i] = 1;
            float[] columns = new float[inputs * outputs];
            kernels.linear(
                    Block.of(identity, inputs, inputs), linear.weight(), null, Block.of(columns, inputs, outputs));
            double[][] weight = new double[outputs][inputs];
            for (int o = 0; o < outputs; o++) {
                for (int i = 0; i < inputs; i++) weight[o][i] = columns[i * outputs + o];
            }
            return new PlainLinear(weight, linear.bias());
        }

        double[] apply(double[] x) {
            double[] y = new double[weight.length];
            for (int o = 0; o < y.length; o++) {
                if (bias != null) y[o] = bias[o];
                for (int i = 0; i < x.length; i++) y[o] += weight[o][i] * x[i];
            }
            return y;
        }
    }

    private record PlainLayer(
            float[] mixerNorm,
            PlainMixer mixer,
            float[] ffnNorm,
            PlainLinear gate,
            PlainLinear up,
            PlainLinear down,
            Layer.PostNorms postNorms) {
        static PlainLayer of(Layer layer, Kernels kernels) {
            return new PlainLayer(
                    layer.mixerNorm(),
                    PlainMixer.of(layer.mixer(), kernels),
                    layer.ffnNorm(),
                    PlainLinear.of(layer.gate(), kernels),
                    PlainLinear.of(layer.up(), kernels),
                    PlainLinear.of(layer.down(), kernels),
                    layer.postNorms());
        }
    }

    private sealed interface PlainMixer {
        static PlainMixer of(TokenMixer mixer, Kernels kernels) {
            return switch (mixer) {
                case SelfAttention w ->
                    new PlainAttention(
                            PlainLinear.of(w.query(), kernels),
                            PlainLinear.of(w.key(), kernels),
                            PlainLinear.of(w.value(), kernels),
                            PlainLinear.of(w.output(), kernels),
                            w.queryNorm(),
                            w.keyNorm(),
                            w.gate() == null ? null : PlainLinear.of(w.gate(), kernels),
                            w.span());
                case ShortConvolution w ->
                    new PlainConvolution(
                            PlainLinear.of(w.inputGate(), kernels),
                            PlainLinear.of(w.outputGate(), kernels),
                            PlainLinear.of(w.input(), kernels),
                            w.taps(),
                            PlainLinear.of(w.output(), kernels));
            };
        }
    }

    private record PlainAttention(
            PlainLinear query,
            PlainLinear key,
            PlainLinear value,
            PlainLinear output,
            float[] queryNorm,
            float[] keyNorm,
            PlainLinear gate,
            AttentionSpan span)
            implements PlainMixer {
        Rope rope(TransformerConfig config) {
            return span instanceof AttentionSpan.Window window ? window.rope() : config.rope();
        }
    }

    private record PlainConvolution(
            PlainLinear inputGate, PlainLinear outputGate, PlainLinear input, float[][] taps, PlainLinear output)
            implements PlainMixer {}

    PlainSequence(RandomModel.Open open, SkippedKv treatment) {
        this.config = open.model().transformer().config();
        Kernels kernels = open.model().transformer().kernels();
        this.layers = open.layers().stream()
                .map(layer -> PlainLayer.of(layer, kernels))
                .toList();
        this.treatment = treatment;
        for (int i = 0; i < config.layers(); i++) held.add(new ArrayList<>());
    }

    /** What a layer (from 1) holds, in the order of positions. */
    List<Entry> held(int layer) {
        return held.get(layer - 1);
    }

    /**
     * The next position.
     *
     * @param embedded before layer 1, [width]
     * @param depth the layer after which it leaves
     * @return its hidden states, [layers + 1][width]; null after layers that it does not run
     */
    float[][] next(float[] embedded, int depth) {
        double[][] hidden = new double[config.layers() + 1][];
        hidden[0] = doubles(embedded);
        for (int layer = 1; layer <= depth; layer++) hidden[layer] = run(layer, hidden[layer - 1]);
        for (int layer = depth + 1; layer <= config.layers(); layer++) {
            switch (treatment) {
                // Later or at once: no position between sees the difference, since none goes deeper before the fill.
                case FILL -> hidden[layer] = run(layer, hidden[layer - 1]);
                case COPY -> keep(layer, hidden[depth]);
                case OMIT -> {}
            }
        }
        length++;
        float[][] states = new float[hidden.length][];
        for (int layer = 0; layer < hidden.length; layer++) {
            if (hidden[layer] != null) states[layer] = floats(hidden[layer]);
        }
        return states;
    }

    /** Forgets all positions but some, each of whose keys turns to its new place. */
    void keep(List<Span> kept) {
        for (int layer = 0; layer < held.size(); layer++) {
            List<Entry> entries = held.get(layer);
            Rope rope = layers.get(layer).mixer() instanceof PlainAttention w ? w.rope(config) : config.rope();
            List<Entry> moved = new ArrayList<>();
            for (Span span : kept) {
                int back = moved.size() - span.first();
                for (Entry entry : entries.subList(span.first(), span.end())) {
                    double[] key = doubles(entry.key());
                    rotate(rope, key, back);
                    moved.add(new Entry(floats(key), entry.value()));
                }
            }
            entries.clear();
            entries.addAll(moved);
        }
        length = Span.length(kept);
    }

    private double[] run(int layer, double[] x) {
        PlainLayer w = layers.get(layer - 1);
        keep(layer, x);
        double[] before = norm(x, w.mixerNorm());
        double[] mixed = switch (w.mixer()) {
            case PlainAttention attention -> {
                double[] query = attention.query().apply(before);
                normHeads(query, attention.queryNorm());
                rotate(attention.rope(config), query, length);
                double[] heads = attend(query, visible(attention.span(), held(layer)));
                if (attention.gate() != null) gate(heads, attention.gate().apply(before));
                yield attention.output().apply(heads);
            }
            case PlainConvolution convolution -> {
                double[] convolved = convolve(convolution.taps(), held(layer));
                double[] gate = convolution.outputGate().apply(before);
                for (int c = 0; c < gate.length; c++) gate[c] *= convolved[c];
                yield convolution.output().apply(gate);
            }
        };
        double[] attended =
                sum(x, w.postNorms() == null ? mixed : norm(mixed, w.postNorms().mixer()));
        double[] normed = norm(attended, w.ffnNorm());
        double[] gate = w.gate().apply(normed);
        double[] up = w.up().apply(normed);
        for (int i = 0; i < gate.length; i++) gate[i] *= up[i] / (1 + Math.exp(-gate[i]));
        double[] change = w.down().apply(gate);
        return sum(
                attended,
                w.postNorms() == null ? change : norm(change, w.postNorms().ffn()));
    }

    private static List<Entry> visible(AttentionSpan span, List<Entry> entries) {
        int positions = span instanceof AttentionSpan.Window window ? window.positions() : entries.size();
        return entries.subList(Math.max(0, entries.size() - positions), entries.size());
    }

    private static void gate(double[] heads, double[] gates) {
        int width = heads.length / gates.length;
        for (int i = 0; i < heads.length; i++) heads[i] /= 1 + Math.exp(-gates[i / width]);
    }

    private void keep(int layer, double[] x) {
        PlainLayer w = layers.get(layer - 1);
        double[] normed = norm(x, w.mixerNorm());
        held(layer)
                .add(
                        switch (w.mixer()) {
                            case PlainAttention attention -> {
                                double[] key = attention.key().apply(normed);
                                normHeads(key, attention.keyNorm());
                                rotate(attention.rope(config), key, length);
                                yield new Entry(
                                        floats(key), floats(attention.value().apply(normed)));
                            }
                            case PlainConvolution convolution -> {
                                double[] gate = convolution.inputGate().apply(normed);
                                double[] input = convolution.input().apply(normed);
                                for (int c = 0; c < gate.length; c++) gate[c] *= input[c];
                                yield new Entry(new float[0], floats(gate));
                            }
                        });
    }

    /** The sum of the last inputs, each times its tap. */
    private static double[] convolve(float[][] taps, List<Entry> entries) {
        double[] sum = new double[taps[0].length];
        for (int back = 0; back < taps.length && back < entries.size(); back++) {
            float[] tap = taps[taps.length - 1 - back];
            float[] input = entries.get(entries.size() - 1 - back).value();
            for (int c = 0; c < sum.length; c++) sum[c] += (double) tap[c] * input[c];
        }
        return sum;
    }

    private void normHeads(double[] heads, float[] weight) {
        if (weight == null) return;
        for (int at = 0; at < heads.length; at += weight.length) {
            double[] normed = norm(Arrays.copyOfRange(heads, at, at + weight.length), weight);
            System.arraycopy(normed, 0, heads, at, weight.length);
        }
    }

    private double[] attend(double[] query, List<Entry> entries) {
        int width = config.headWidth();
        double[] mixed = new double[query.length];
        for (int head = 0; head < config.heads(); head++) {
            int kv = head / (config.heads() / config.kvHeads()) * width;
            double[] weights = new double[entries.size()];
            double total = 0;
            for (int p = 0; p < weights.length; p++) {
                double score = 0;
                for (int c = 0; c < width; c++)
                    score += query[head * width + c] * entries.get(p).key()[kv + c];
                weights[p] = Math.exp(score / Math.sqrt(width));
                total += weights[p];
            }
            for (int p = 0; p < weights.length; p++) {
                for (int c = 0; c < width; c++) {
                    mixed[head * width + c] +=
                            weights[p] / total * entries.get(p).value()[kv + c];
                }
            }
        }
        return mixed;
    }

    private double[] norm(double[] x, float[] weight) {
        double squares = 0;
        for (double value : x) squares += value * value;
        double root = Math.sqrt(squares / x.length + config.normEpsilon());
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) y[i] = weight[i] * x[i] / root;
        return y;
    }

    /** Every head, by so many places. */
    private void rotate(Rope rope, double[] heads, int places) {
        for (int at = 0; at < heads.length; at += config.headWidth()) {
            for (int j = 0; j < rope.pairs(); j++) {
                boolean neighbours = rope.pairing() == Rope.Pairing.INTERLEAVED;
                int first = at + (neighbours ? 2 * j : j);
                int second = neighbours ? first + 1 : first + rope.dimensions() / 2;
                double angle = places * Math.pow(rope.base(), -2.0 * j / rope.dimensions());
                double x = heads[first];
                double y = heads[second];
                heads[first] = x * Math.cos(angle) - y * Math.sin(angle);
                heads[second] = y * Math.cos(angle) + x * Math.sin(angle);
            }
        }
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = new double[a.length];
        for (int i = 0; i < a.length; i++) sum[i] = a[i] + b[i];
        return sum;
    }

    private static double[] doubles(float[] values) {
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) result[i] = values[i];
        return result;
    }

    private static float[] floats(double[] values) {
        float[] result = new float[values.length];
        for (int i = 0; i < values.length; i++) result[i] = (float) values[i];
        return result;
    }
}
