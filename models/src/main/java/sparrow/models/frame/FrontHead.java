package sparrow.models.frame;

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
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Weight;
import sparrow.tensor.kernel.WeightLoader;

/**
 * Computes the {@link DepthModel}'s input from the backbone's hidden state h after a layer: W f(h) + b, where f is
 * the backbone's final norm or the identity. The head of the last layer belongs to the model.
 */
public final class FrontHead {
    private static final Pattern NAME = Pattern.compile("frame\\.([1-9]\\d{0,3})\\.(weight|bias)");

    private final HeadWeights rows;
    private final float[] bias;

    /**
     * @param weight W, [codebooks * depth width, width]
     * @param bias b, [codebooks * depth width]
     * @param norm the weight of f, [width], or null for the identity
     * @param normEpsilon the norm's epsilon
     */
    public FrontHead(Weight weight, float[] bias, float[] norm, float normEpsilon) {
        if (bias.length != weight.rows()) {
            throw new IllegalArgumentException(
                    "front head: expected a bias of " + weight.rows() + " values, got " + bias.length);
        }
        this.rows = new HeadWeights(null, norm, normEpsilon, weight, null);
        this.bias = bias;
    }

    /**
     * Loads the head of a backbone's last layer.
     *
     * @param name name of the head's matrix and bias, without {@code .weight}
     * @param load a function that prepares a matrix for the kernels
     * @throws sparrow.formats.BadFileException if a tensor is missing or has the wrong shape
     */
    public static FrontHead ofLastLayer(
            Checkpoint checkpoint, String name, DepthModel depth, Transformer transformer, WeightLoader load) {
        int rows = Math.multiplyExact(depth.codebooks(), depth.width());
        Matrix weight =
                checkpoint.matrix(name + ".weight", rows, transformer.config().width());
        return new FrontHead(
                load.load(weight),
                checkpoint.floats(name + ".bias", rows),
                transformer.finalNorm(),
                transformer.config().normEpsilon());
    }

    /**
     * Reads a file of heads. It contains the tensors {@code frame.l.weight} [codebooks * depth width, width] and
     * {@code frame.l.bias} for each layer l. As in a file of {@linkplain ExitHeads exit heads}, the metadata specifies
     * whether f is the final norm, and may contain the model's fingerprint.
     *
     * @param rows number of outputs, codebooks * depth width
     * @param load a function that prepares a matrix for the kernels
     * @return the heads by layer
     * @throws BadFileException if the file does not match the model
     */
    public static SortedMap<Integer, FrontHead> read(
            Checkpoint checkpoint, Transformer transformer, int rows, WeightLoader load) {
        ExitHeads.checkFingerprint(checkpoint, transformer);
        float[] norm = ExitHeads.normed(checkpoint) ? transformer.finalNorm() : null;
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

    /** Returns the number of weight bytes. */
    long bytes() {
        return rows.parts().stream().mapToLong(Weight::bytes).sum();
    }

    /** Returns the matrix and the bias. */
    Linear linear() {
        return new Linear(rows.parts().getFirst(), bias);
    }

    /**
     * Computes the depth decoder's inputs for several positions, each [codebooks * depth width]. The weights are read
     * once.
     */
    public List<float[]> inputs(HeadKernel headKernel, List<HiddenState> states) {
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
