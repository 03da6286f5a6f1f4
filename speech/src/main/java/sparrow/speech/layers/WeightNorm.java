package sparrow.speech.layers;

import sparrow.formats.weights.Checkpoint;

/**
 * PyTorch's weight norm, which stores a weight as the directions and lengths of the slices along the weight's first
 * axis.
 */
final class WeightNorm {
    /** Name suffix in the newer format, followed by 0 (lengths) or 1 (directions). Older names end in g and v. */
    private static final String PARAMETRIZATION = ".parametrizations.weight.original";

    private WeightNorm() {}

    /** Returns the name of the tensor with a layer's directions, [first, second, kernel]. */
    static String direction(Checkpoint checkpoint, String layer) {
        return layer + (isParametrized(checkpoint, layer) ? PARAMETRIZATION + "1" : ".weight_v");
    }

    /** Returns the name of the tensor with a layer's lengths, [first, 1, 1]. */
    static String lengths(Checkpoint checkpoint, String layer) {
        return layer + (isParametrized(checkpoint, layer) ? PARAMETRIZATION + "0" : ".weight_g");
    }

    private static boolean isParametrized(Checkpoint checkpoint, String layer) {
        return checkpoint.has(layer + PARAMETRIZATION + "0") || checkpoint.has(layer + PARAMETRIZATION + "1");
    }

    /**
     * Returns the name of the layer whose lengths or directions a tensor contains, or the tensor name if the tensor
     * contains neither.
     */
    static String layer(String tensor) {
        return tensor.replaceFirst("(\\.weight_[gv]|\\.parametrizations\\.weight\\.original[01])$", "");
    }

    /** Scales each slice along the first axis to its length. */
    static float[] fold(float[] direction, float[] lengths) {
        float[] folded = new float[direction.length];
        int slice = direction.length / lengths.length;
        for (int s = 0; s < lengths.length; s++) {
            double squares = 0;
            for (int i = s * slice; i < (s + 1) * slice; i++) squares += (double) direction[i] * direction[i];
            double scale = lengths[s] / Math.sqrt(squares);
            for (int i = s * slice; i < (s + 1) * slice; i++) folded[i] = (float) (direction[i] * scale);
        }
        return folded;
    }
}
