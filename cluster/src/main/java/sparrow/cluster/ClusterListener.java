package sparrow.cluster;

/** Is told who comes and goes; by a thread of Spark's. */
public interface ClusterListener {
    /** An executor is ready. */
    void executorCame(String host);

    /**
     * An executor is gone; what it was working on is done again.
     *
     * @param reason one line
     */
    void executorLost(String host, String reason);
}
