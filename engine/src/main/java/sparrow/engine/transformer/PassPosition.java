package sparrow.engine.transformer;

/** A position in a pass of a {@link LayerStack}. */
public interface PassPosition {
    /** Returns the index in the sequence, counted from 0. Queries and keys are rotated to this index. */
    int index();

    /** Returns the residual stream. */
    HiddenState state();

    /** Returns the sequence's keys and values. */
    KvMemory memory();

    /**
     * Returns the slot in which a layer stores or will store the position's key and value. The position attends to this
     * slot and the slots before it.
     *
     * @param layer layer number, counted from 1
     */
    int slot(int layer);
}
