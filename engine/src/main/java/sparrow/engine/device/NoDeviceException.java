package sparrow.engine.device;

/** A device was asked for where there is none; the message says in one line what is missing and what helps. */
public final class NoDeviceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With a message of one line. */
    public NoDeviceException(String message) {
        super(message);
    }
}
