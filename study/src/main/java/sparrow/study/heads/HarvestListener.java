package sparrow.study.heads;

/** Hears how far a harvest is. */
public interface HarvestListener {
    /** Ignores it. */
    HarvestListener NONE = new HarvestListener() {};

    /**
     * The store is ready.
     *
     * @param held replies that it holds already
     * @param prompts all of them
     */
    default void begin(int held, int prompts) {}

    /**
     * Some more replies are in the store.
     *
     * @param done prompts that are done with: replies that it holds, and prompts that were left out
     */
    default void kept(int done) {}
}
