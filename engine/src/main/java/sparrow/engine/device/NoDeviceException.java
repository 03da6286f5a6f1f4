package sparrow.engine.device;

/**
 * Thrown if a requested device is not available. The one-line message explains what is missing and how to correct it.
 */
public final class NoDeviceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Creates an exception with a one-line message. */
    public NoDeviceException(String message) {
        super(message);
    }
}
