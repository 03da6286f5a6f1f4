package sparrow.bench.load;

/** Hears how far a measurement is. */
public interface LoadListener {
    /** Ignores everything. */
    LoadListener NONE = new LoadListener() {};

    /** So many talkers begin. */
    default void begin(int talkers) {}

    /** One talker is over. */
    default void talkerEnded() {}
}
