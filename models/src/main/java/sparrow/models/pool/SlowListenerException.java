package sparrow.models.pool;

/** A reply broke off because its listener wanted nothing more of it for too long. */
public final class SlowListenerException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /** With the bound in its message. */
    public SlowListenerException() {
        super("the reply waited for its client for more than 10 minutes and twice the length of the sound so far");
    }
}
