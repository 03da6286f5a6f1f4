package sparrow.gpu.device;

/** Thrown if a driver rejects a call or fails. The one-line message contains the call and the reason. */
public sealed class DeviceException extends IllegalStateException permits NoMemoryException {
    private static final long serialVersionUID = 1;

    /** Creates an exception with a one-line message. */
    public DeviceException(String message) {
        super(message);
    }
}
