package sparrow.engine.transformer;

/** A position of a pass, as a {@link LayerStack} sees it. */
public interface PassPosition {
    /** Index in the sequence, from 0; queries and keys are rotated to it. */
    int index();

    /** The residual stream. */
    HiddenState state();

    /** The keys and values of the sequence. */
    KvMemory memory();

    /**
     * The slot in which a layer stores, or will store, its key and value. The position attends to this slot and the
     * slots before it.
     *
     * @param layer from 1
     */
    int slot(int layer);
}
