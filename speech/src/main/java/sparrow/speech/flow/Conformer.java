package sparrow.speech.flow;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sparrow.engine.kernel.Block;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Probe;

/** A run of conformer layers of one shape. Rows may come in chunks: each attends to the chunks before. */
public final class Conformer {
    private final String name;
    private final Shape shape;
    private final List<ConformerLayer> layers;

    /**
     * Sizes of a layer.
     *
     * @param width hidden values of a row; even, a multiple of {@code heads}
     * @param feedForward hidden values of the feed-forward module
     * @param reach what attention sees
     * @param epsilon of both norms
     */
    public record Shape(int width, int heads, int feedForward, Reach reach, float epsilon) {}

    /**
     * Reads the layers.
     *
     * @param name module whose children {@code 0}, {@code 1}, ... are the layers
     */
    public Conformer(LayerReader reader, String name, int layers, Shape shape) {
        this.name = name;
        this.shape = shape;
        this.layers = IntStream.range(0, layers)
                .mapToObj(i -> new ConformerLayer(reader, name + "." + i, shape))
                .toList();
    }

    /** The keys and values of each layer before the first chunk: none. */
    public List<KeyValues> start() {
        return Stream.generate(() -> new KeyValues(shape.width()))
                .limit(layers.size())
                .toList();
    }

    /**
     * Transforms the next chunk in place.
     *
     * @param x [rows, width], a whole array
     * @param past of each layer, as {@link #start} gave it and earlier chunks left it
     * @param probe sees x after each layer
     */
    public void run(Block x, List<KeyValues> past, Probe probe) {
        int before = past.getFirst().length();
        Block positions = RelativeAttention.positions(x.rows(), before + x.rows(), shape);
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).run(x, positions, past.get(i));
            probe.see(name + "." + i, x);
        }
    }
}
