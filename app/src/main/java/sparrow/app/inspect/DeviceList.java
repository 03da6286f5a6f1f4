package sparrow.app.inspect;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceInfo.Kind;
import sparrow.engine.device.DeviceProvider;
import sparrow.engine.device.NoDeviceException;

/**
 * The output of {@code sparrow info --devices}.
 *
 * @param devices at least one device
 * @param note advice if none of the devices is a graphics card, or null otherwise
 */
record DeviceList(List<DeviceInfo> devices, String note) {
    /**
     * Returns a provider's devices.
     *
     * @param provider the provider, or empty if its module is missing
     * @throws IllegalArgumentException if there is no device; the message names the missing part and how to install it
     */
    static DeviceList of(Optional<DeviceProvider> provider) {
        DeviceProvider required = provider.orElseThrow(
                () -> new IllegalArgumentException(DeviceProvider.PREFIX + "this build has no module gpu"));
        try {
            List<DeviceInfo> devices = required.devices();
            boolean gpu = devices.stream().anyMatch(device -> device.kind() == Kind.GPU);
            return new DeviceList(devices, gpu ? null : DeviceProvider.PREFIX + required.noGpu(devices));
        } catch (NoDeviceException e) {
            throw new IllegalArgumentException(DeviceProvider.PREFIX + e.getMessage(), e);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(DeviceProvider.PREFIX + e.getMessage(), e);
        }
    }

    /** Prints the devices as text. */
    void print(PrintWriter out) {
        for (DeviceInfo device : devices) {
            line(out, "device", device.id() + "  " + device.name());
            line(out, "kind", device.kind() + ", " + device.computeUnits() + " compute units");
            line(out, "vendor", device.vendor());
            line(
                    out,
                    "memory",
                    gigabytes(device.memoryBytes()) + ", at most " + gigabytes(device.largestBytes()) + " at once");
            line(out, "host", device.host() + ", driver " + device.driver());
            out.println();
        }
        if (note != null) out.println(note);
    }

    private static void line(PrintWriter out, String name, String value) {
        out.printf(Locale.ROOT, "%-12s%s%n", name, value);
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
}
