package sparrow.models.pool;

/** Too many replies wait already; a later attempt may find room. */
public final class PoolFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param waiting replies that do */
    public PoolFullException(int waiting) {
        super("busy: " + waiting + " replies wait already; try again later");
    }
}
