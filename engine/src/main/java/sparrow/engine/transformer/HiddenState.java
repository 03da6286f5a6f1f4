package sparrow.engine.transformer;

/**
 * The residual stream of one position, [width], in the memory of the device that runs the layers. Each pass overwrites
 * it. {@link #read} copies it to the JVM.
 *
 * <p>Instances are not thread-safe; only their sequence's thread may use them.
 */
public interface HiddenState {
    /**
     * Overwrites the values.
     *
     * @param from array with the new values at {@code offset}, which may be changed after this method returns
     */
    void write(float[] from, int offset);

    /** Waits until all earlier calls to the stack are complete, and returns a copy of the values, [width]. */
    float[] read();

    /** Returns an independent copy. */
    HiddenState copy();
}
