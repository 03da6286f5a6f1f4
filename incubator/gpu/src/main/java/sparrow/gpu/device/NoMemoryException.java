package sparrow.gpu.device;

/**
 * Thrown if a device has less free memory than was requested. Objects of the device and work that is already enqueued
 * are not affected.
 */
public final class NoMemoryException extends DeviceException {
    private static final long serialVersionUID = 1;

    /** Creates an exception with a one-line message. */
    public NoMemoryException(String message) {
        super(message);
    }
}
