package sparrow.speech.encode;

import java.util.ArrayList;
import java.util.List;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Probe;
import sparrow.tensor.kernel.Block;

/**
 * Whisper's encoder. It converts log-mel features to the residual stream after its last layer, at half the features'
 * frame rate.
 */
final class WhisperEncoder {
    /**
     * Numbers of rows to compute for an audio piece.
     *
     * @param stemFrames number of rows after the first convolution, at 100 Hz
     * @param frames number of rows after the second convolution and in the layers, at 50 Hz
     * @param valid number of leading frames that are attended to
     */
    record Extent(int stemFrames, int frames, int valid) {}

    private final EncoderShape shape;
    private final ConvStem stem;
    private final List<EncoderLayer> layers;

    /**
     * Reads the tensors whose names begin with {@code prefix}.
     *
     * @param prefix prefix, including the trailing dot; may be empty
     */
    WhisperEncoder(LayerReader reader, String prefix, EncoderShape shape) {
        this.shape = shape;
        stem = new ConvStem(reader, prefix, shape); // read first, because reading it checks the sizes in the file
        List<EncoderLayer> stack = new ArrayList<>();
        for (int i = 0; i < shape.layers(); i++) {
            stack.add(new EncoderLayer(reader, prefix + shape.names().layers() + "." + i + ".", shape));
        }
        layers = List.copyOf(stack);
    }

    /**
     * Encodes the features of one audio piece.
     *
     * @param features log-mel features, [mel frames, mel bins], with at least {@code extent.stemFrames} frames; the
     *     first convolution also reads the frames that follow, if any
     * @param probe probe that receives {@code conv1} and {@code conv2} (both after GELU), and {@code layer.0},
     *     {@code layer.1}, ...
     * @return residual stream after the last layer, [extent.frames, width]
     */
    Block run(Block features, Extent extent, Probe probe) {
        Block first = stem.first(features, extent.stemFrames());
        probe.see("conv1", first);
        Block hidden = stem.second(first, extent.frames());
        probe.see("conv2", hidden);
        stem.place(hidden);
        EncoderLayer.Scratch scratch = EncoderLayer.Scratch.of(extent.frames(), shape);
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).run(hidden, extent.valid(), scratch);
            probe.see("layer." + i, hidden);
        }
        return hidden;
    }

    /**
     * Returns the means of groups of consecutive rows, [rows / group, columns]. An incomplete last group is dropped.
     */
    static Block pooled(Block x, int group) {
        int rows = x.rows() / group;
        int width = x.columns();
        float[] means = new float[rows * width];
        for (int i = 0; i < means.length; i++) {
            int first = x.offset() + i / width * group * x.stride() + i % width;
            float sum = 0;
            for (int r = 0; r < group; r++) sum += x.data()[first + r * x.stride()];
            means[i] = sum / group;
        }
        return Block.of(means, rows, width);
    }
}
