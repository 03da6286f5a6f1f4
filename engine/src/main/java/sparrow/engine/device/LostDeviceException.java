package sparrow.engine.device;

/**
 * A device that held a model is gone: unplugged, reset, or given up by its driver. Nothing that was on it can be had any more,
 * and the model must be opened again.
 */
public final class LostDeviceException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /**
     * @param device that is gone
     * @param why in the words of its driver, in one line
     */
    public LostDeviceException(DeviceInfo device, String why) {
        super(line(device, why));
    }

    /** As {@link #LostDeviceException(DeviceInfo, String)}, after a failure that says it. */
    public LostDeviceException(DeviceInfo device, RuntimeException cause) {
        super(line(device, cause.getMessage()), cause);
    }

    private static String line(DeviceInfo device, String why) {
        return DeviceProvider.PREFIX + device.name() + " was lost: " + why;
    }
}
