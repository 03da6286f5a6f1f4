package sparrow.gpu.device;

/** A device has not as much memory left as was asked for. What it holds, and what was enqueued before, stays as it is. */
public final class NoMemoryException extends DeviceException {
    private static final long serialVersionUID = 1;

    /** With a message of one line. */
    public NoMemoryException(String message) {
        super(message);
    }
}
