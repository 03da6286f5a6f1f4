package sparrow.engine.device;

/** Thrown if a requested device is not available. The message contains, in one line, what is missing and what helps. */
public final class NoDeviceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Creates an exception with a message of one line. */
    public NoDeviceException(String message) {
        super(message);
    }
}
