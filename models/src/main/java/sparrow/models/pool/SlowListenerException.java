package sparrow.models.pool;

/** Thrown if a reply was stopped because its listener was not ready for too long. */
public final class SlowListenerException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /** Creates an exception whose message contains the limit. */
    public SlowListenerException() {
        super("the client was not ready for more than 10 minutes plus twice the duration of the audio so far");
    }
}
