package sparrow.models.pool;

/** Thrown if too many replies are already running or waiting. A later attempt may succeed. */
public final class PoolFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int underWay;

    /** @param underWay the number of replies that are running or waiting */
    public PoolFullException(int underWay) {
        super("busy: " + underWay + " replies are already running or waiting; try again later");
        this.underWay = underWay;
    }

    /** Returns the number of replies that are running or waiting. */
    public int underWay() {
        return underWay;
    }
}
