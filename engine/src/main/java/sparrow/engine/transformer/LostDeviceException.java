package sparrow.engine.transformer;

/** A device failed while it was in use: nothing more can be asked of it. The message says in one line which one and why. */
public final class LostDeviceException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /**
     * With a message of one line.
     *
     * @param cause what the driver said first; null if this is not the first time
     */
    public LostDeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
