package sparrow.train;

/**
 * Numbers that are trained, and their gradient.
 *
 * @param name by which checkpoints know it
 * @param values as they are now
 * @param gradient of the loss with respect to each, as the last step found it
 * @param decays whether weight decay pulls the values towards zero
 */
record Parameter(String name, float[] values, float[] gradient, boolean decays) {
    /** A matrix; weight decay pulls at it. */
    static Parameter matrix(String name, float[] values) {
        return new Parameter(name, values, new float[values.length], true);
    }

    /** A bias that begins at zero; weight decay leaves it. */
    static Parameter bias(String name, int length) {
        return new Parameter(name, new float[length], new float[length], false);
    }
}
