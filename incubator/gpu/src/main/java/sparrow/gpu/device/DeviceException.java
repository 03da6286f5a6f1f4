package sparrow.gpu.device;

/** A driver refused or failed; the message says in one line which call and why. */
public sealed class DeviceException extends IllegalStateException permits NoMemoryException {
    private static final long serialVersionUID = 1;

    /** With a message of one line. */
    public DeviceException(String message) {
        super(message);
    }
}
