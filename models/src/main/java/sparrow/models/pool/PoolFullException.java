package sparrow.models.pool;

/** Too many replies run or wait already; a later attempt may find room. */
public final class PoolFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param underWay replies that run or wait */
    public PoolFullException(int underWay) {
        super("busy: " + underWay + " replies run or wait already; try again later");
    }
}
