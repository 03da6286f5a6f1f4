package sparrow.engine.transformer;

/** A row of a pass, as the layers see it: a position of a sequence. */
public interface Row {
    /** Place in the sequence, from 0: its queries and keys are turned to it. */
    int index();

    /** Its residual stream. */
    HiddenState state();

    /** Keys and values of the sequence. */
    KvMemory memory();

    /**
     * The slot in which a layer keeps its key and value, or will. The row sees the slots before it, and
     * itself.
     *
     * @param layer from 1
     */
    int slot(int layer);
}
