package sparrow.speech.flow;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sparrow.speech.layers.AttentionMask;
import sparrow.speech.layers.KeyValues;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.speech.layers.Norm;
import sparrow.speech.layers.Probe;
import sparrow.speech.layers.RelativeAttention;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/** A stack of conformer layers. Rows may arrive in chunks; each chunk also attends to earlier chunks. */
public final class Conformer {
    private final String name;
    private final Shape shape;
    private final List<Layer> layers;

    /**
     * Dimensions and other parameters of a layer.
     *
     * @param width hidden size; even, and a multiple of {@code heads}
     * @param feedForward hidden size of the feed-forward module
     * @param mask attention mask
     * @param epsilon epsilon of both norms
     */
    public record Shape(int width, int heads, int feedForward, AttentionMask mask, float epsilon) {}

    /**
     * Reads the layers of a conformer.
     *
     * @param name name of the module whose children {@code 0}, {@code 1}, ... are the layers
     */
    public Conformer(LayerReader reader, String name, int layers, Shape shape) {
        this.name = name;
        this.shape = shape;
        this.layers = IntStream.range(0, layers)
                .mapToObj(i -> new Layer(reader, name + "." + i, shape))
                .toList();
    }

    /** Returns empty keys and values for each layer, for use with the first chunk. */
    public List<KeyValues> start() {
        return Stream.generate(() -> new KeyValues(shape.width()))
                .limit(layers.size())
                .toList();
    }

    /**
     * Transforms the next chunk in place.
     *
     * @param x input and output, [rows, width]; must fill its array
     * @param past keys and values of each layer, from {@link #start} and earlier chunks; the keys and values of this
     *     chunk are added
     * @param probe probe that receives x after each layer
     */
    public void run(Block x, List<KeyValues> past, Probe probe) {
        int before = past.getFirst().length();
        Block positions = RelativeAttention.positions(x.rows(), before + x.rows(), shape.width(), shape.mask());
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).run(x, positions, past.get(i));
            probe.see(name + "." + i, x);
        }
    }

    /** A conformer layer without convolution and macaron modules (ConformerEncoderLayer). */
    private static final class Layer {
        private final Kernels kernels;
        private final Norm attentionNorm;
        private final RelativeAttention attention;
        private final Norm feedNorm;
        private final Linear up;
        private final Linear down;

        Layer(LayerReader reader, String name, Shape shape) {
            int width = shape.width();
            this.kernels = reader.kernels();
            this.attentionNorm = reader.norm(name + ".norm_mha", width, shape.epsilon());
            this.attention = new RelativeAttention(reader, name + ".self_attn", width, shape.heads(), shape.mask());
            this.feedNorm = reader.norm(name + ".norm_ff", width, shape.epsilon());
            this.up = reader.linear(name + ".feed_forward.w_1", shape.feedForward(), width);
            this.down = reader.linear(name + ".feed_forward.w_2", width, shape.feedForward());
        }

        /**
         * Transforms x [rows, width] in place. For {@code positions} and {@code past}, see {@link RelativeAttention}.
         */
        void run(Block x, Block positions, KeyValues past) {
            add(attention.attend(attentionNorm.layers(x), positions, past), x);
            Block hidden = up.of(feedNorm.layers(x));
            kernels.apply(Activation.SILU, hidden);
            add(down.of(hidden), x);
        }

        private void add(Block y, Block x) {
            kernels.addScaled(1, y.data(), 0, x.data(), 0, x.data().length);
        }
    }
}
