package sparrow.engine.device;

/**
 * Thrown if a device that contains a model is unplugged or reset, or if its driver stops using it. The contents of its
 * memory are lost, and the model must be reopened.
 */
public final class LostDeviceException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param device the lost device
     * @param why the driver's message, in one line
     */
    public LostDeviceException(DeviceInfo device, String why) {
        super(line(device, why));
    }

    /** Creates an exception with its cause's message. */
    public LostDeviceException(DeviceInfo device, RuntimeException cause) {
        super(line(device, cause.getMessage()), cause);
    }

    private static String line(DeviceInfo device, String why) {
        return DeviceProvider.PREFIX + device.name() + " was lost: " + why;
    }
}
