package sparrow.speech.layers;

import sparrow.formats.weights.Checkpoint;

/** PyTorch's weight norm, which stores a weight as directions and lengths of the slices of its first axis. */
final class WeightNorm {
    /** Names of the newer one end in this and 0 (lengths) or 1 (directions); the older ones in g and v. */
    private static final String PARAMETRIZATION = ".parametrizations.weight.original";

    private WeightNorm() {}

    /** The tensor of a layer's directions, [first, second, kernel]. */
    static String direction(Checkpoint checkpoint, String layer) {
        return layer + (isParametrized(checkpoint, layer) ? PARAMETRIZATION + "1" : ".weight_v");
    }

    /** The tensor of a layer's lengths, [first, 1, 1]. */
    static String lengths(Checkpoint checkpoint, String layer) {
        return layer + (isParametrized(checkpoint, layer) ? PARAMETRIZATION + "0" : ".weight_g");
    }

    private static boolean isParametrized(Checkpoint checkpoint, String layer) {
        return checkpoint.has(layer + PARAMETRIZATION + "0") || checkpoint.has(layer + PARAMETRIZATION + "1");
    }

    /** The layer that a tensor of this name is a part of, as lengths or directions; otherwise the name itself. */
    static String layer(String tensor) {
        return tensor.replaceFirst("(\\.weight_[gv]|\\.parametrizations\\.weight\\.original[01])$", "");
    }

    /** Each slice of the first axis scaled to the length that {@code lengths} gives it. */
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
