package sparrow.engine.transformer;

/**
 * The residual stream of one position, [width], where the layers are computed. Passes write over it; nothing of it is here
 * until it is {@linkplain #read read}.
 *
 * <p>For one thread at a time, that of its sequence.
 */
public interface HiddenState {
    /**
     * Takes other values.
     *
     * @param from holds them from {@code offset} on; may change once this returns
     */
    void write(float[] from, int offset);

    /** The values, [width], a copy. Waits until all that was asked for before is done. */
    float[] read();

    /** An independent copy. */
    HiddenState copy();
}
