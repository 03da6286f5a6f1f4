package sparrow.models.lfm2;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.transformer.HeadKernel;
import sparrow.engine.transformer.HeadWeights;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.weights.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Weight;
import sparrow.tensor.kernel.WeightLoader;

/**
 * Makes the {@link DepthDecoder}'s input of the backbone's state after a layer: W f(h) + b, where f is the backbone's final norm or
 * the identity. The model's own, the official depth_linear, is that of the last layer.
 */
final class FrontHead {
    private static final Pattern NAME = Pattern.compile("frame\\.([1-9]\\d{0,3})\\.(weight|bias)");

    private final HeadWeights rows;
    private final float[] bias;

    /**
     * @param weight W, [codebooks * depth width, width]
     * @param bias b, [codebooks * depth width]
     * @param norm weight of f, [width], or null for the identity
     * @param normEpsilon inside that norm's root
     */
    FrontHead(Weight weight, float[] bias, float[] norm, float normEpsilon) {
        if (bias.length != weight.rows()) {
            throw new IllegalArgumentException(
                    "front head: expected a bias of " + weight.rows() + " values, got " + bias.length);
        }
        this.rows = new HeadWeights(null, norm, normEpsilon, weight, null);
        this.bias = bias;
    }

    /**
     * Returns the model's own.
     *
     * @param norm weight of f, [width], or null for the identity
     * @param load makes a matrix ready for the kernels
     * @throws sparrow.formats.weights.BadFileException if a tensor is missing, or does not fit
     */
    static FrontHead own(
            Lfm2Config config, Checkpoint checkpoint, int width, float[] norm, float normEpsilon, WeightLoader load) {
        int rows = Math.multiplyExact(config.codebooks(), config.depthWidth());
        Matrix weight = checkpoint.matrix("depth_linear.weight", rows, width);
        return new FrontHead(load.load(weight), checkpoint.floats("depth_linear.bias", rows), norm, normEpsilon);
    }

    /**
     * Reads a file of heads: for each layer l the tensors {@code frame.l.weight} [codebooks * depth width, width] and {@code
     * frame.l.bias}. As in a file of {@linkplain ExitHeads exit heads}, the metadata tell whether the final norm comes first, and may
     * tell the model.
     *
     * @param load makes a matrix ready for the kernels
     * @return the heads by layer
     * @throws BadFileException if the file does not fit the model
     */
    static SortedMap<Integer, FrontHead> read(
            Lfm2Config config, Checkpoint checkpoint, Transformer transformer, WeightLoader load) {
        ExitHeads.checkFingerprint(checkpoint, transformer);
        float[] norm = ExitHeads.normed(checkpoint) ? transformer.finalNorm() : null;
        int rows = Math.multiplyExact(config.codebooks(), config.depthWidth());
        int layers = transformer.config().layers();
        SortedMap<Integer, FrontHead> heads = new TreeMap<>();
        for (String name : checkpoint.names()) {
            Matcher part = NAME.matcher(name);
            int layer = part.matches() ? Integer.parseInt(part.group(1)) : layers;
            if (layer >= layers) {
                throw new BadFileException(
                        checkpoint.source(),
                        "tensor " + name,
                        "expected frame.LAYER.weight or .bias, with a layer from 1 to " + (layers - 1));
            }
            if (heads.containsKey(layer)) continue;
            Matrix weight = checkpoint.matrix(
                    "frame." + layer + ".weight", rows, transformer.config().width());
            heads.put(
                    layer,
                    new FrontHead(
                            load.load(weight),
                            checkpoint.floats("frame." + layer + ".bias", rows),
                            norm,
                            transformer.config().normEpsilon()));
        }
        return heads;
    }

    /** Bytes of its weights. */
    long bytes() {
        return rows.parts().stream().mapToLong(Weight::bytes).sum();
    }

    /** Its matrix and bias. */
    Linear linear() {
        return new Linear(rows.parts().getFirst(), bias);
    }

    /** Inputs of the depth decoder for several positions, each [codebooks * depth width]; the weights are read once. */
    List<float[]> inputs(HeadKernel headKernel, List<HiddenState> states) {
        List<float[]> inputs = new ArrayList<>();
        for (Logits scores : headKernel.logits(rows, states)) {
            float[] values = scores.values();
            float[] input = Arrays.copyOf(values, values.length);
            for (int r = 0; r < input.length; r++) input[r] += bias[r];
            inputs.add(input);
        }
        return inputs;
    }
}
