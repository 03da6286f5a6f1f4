package sparrow.gpu.device;

/** A device has less memory left than was asked for. Its objects, and the work that was enqueued before, stay as they are. */
public final class NoMemoryException extends DeviceException {
    private static final long serialVersionUID = 1;

    /** With a message of one line. */
    public NoMemoryException(String message) {
        super(message);
    }
}
