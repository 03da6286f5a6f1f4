package sparrow.gpu.opencl;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.NoDeviceException;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Host;
import sparrow.gpu.driver.DriverDevice;
import sparrow.gpu.driver.SharedLibrary;

/** The OpenCL installation of this machine: the devices of all platforms, in the loader's order. */
public final class OpenCl implements Host {
    private final Creations creations;
    private final Commands commands;
    private final List<Found> found = new ArrayList<>();

    private OpenCl(SharedLibrary library) {
        Queries queries = new Queries(library);
        creations = new Creations(library);
        commands = new Commands(library);
        List<String> platforms = new ArrayList<>();
        for (MemorySegment platform : queries.platforms()) {
            platforms.add(queries.platformText(platform, Queries.PLATFORM_NAME));
            for (MemorySegment device : queries.devices(platform)) {
                // Without a compiler, a device cannot run any kernel.
                if (queries.deviceNumber(device, Queries.DEVICE_COMPILER) == 0) continue;
                found.add(Found.of(queries, platform, device, found.size()));
            }
        }
        if (found.isEmpty()) throw new NoDeviceException(noGpu(platforms));
    }

    /**
     * Loads the library and lists its devices.
     *
     * @throws NoDeviceException if the library is not installed or has no device; the message is one line
     * @throws IllegalStateException if a driver fails, or java was started without native access; the message is one
     *     line
     */
    public static OpenCl load() {
        return load(OpenClLibrary.find());
    }

    static OpenCl load(SharedLibrary library) {
        return new OpenCl(library);
    }

    @Override
    public List<DeviceInfo> devices() {
        return found.stream().map(Found::info).toList();
    }

    @Override
    public Device open(DeviceInfo info) {
        Found device = found.stream()
                .filter(other -> other.info().equals(info))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected " + devices().stream().map(DeviceInfo::id).collect(Collectors.joining(", "))
                                + ", got " + info.id()));
        return new DriverDevice(
                device.traits(), new OpenClDriver(device.platform(), device.device(), creations, commands));
    }

    /**
     * Returns the message of the exception that is thrown if no device is a graphics card.
     *
     * @param found the devices found; may be empty
     */
    public static String noGpu(List<String> found) {
        return "OpenCL is installed, but lists no GPU (found: "
                + (found.isEmpty() ? "nothing" : String.join(", ", found))
                + "). AMD on Mesa needs RUSTICL_ENABLE=radeonsi";
    }
}
