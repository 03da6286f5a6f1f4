package sparrow.gpu;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.NoDeviceException;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Host;
import sparrow.gpu.opencl.OpenCl;

/**
 * The device that tests run on, of any kind: the first one, or the one in whose id or name the environment's {@code
 * SPARROW_DEVICE} occurs. Where there is none, whoever asks is skipped with the reason.
 */
public final class DeviceUnderTest {
    private static boolean told;

    private DeviceUnderTest() {}

    private static Host host(Supplier<Host> loader) {
        try {
            return loader.get();
        } catch (NoDeviceException e) {
            return Assumptions.abort("gpu: " + e.getMessage());
        }
    }

    /** The device's info. */
    public static DeviceInfo info() {
        return info(host(Hosts::load));
    }

    private static DeviceInfo info(Host host) {
        Optional<String> wanted = Optional.ofNullable(System.getenv("SPARROW_DEVICE"));
        return host.devices().stream()
                .filter(device -> wanted.isEmpty() || contains(device.id() + " " + device.name(), wanted.get()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("SPARROW_DEVICE=" + wanted.orElse("")
                        + ": expected a part of an id or a name of " + host.devices()));
    }

    /** Opens it. The log of the tests says once which one it is. */
    public static Device open() {
        return open(host(Hosts::load));
    }

    /** Opens OpenCL's first device, or the one that the environment names. */
    public static Device openByOpenCl() {
        return open(host(OpenCl::load));
    }

    private static synchronized Device open(Host host) {
        DeviceInfo info = info(host);
        if (!told)
            System.out.println("device under test: " + info.name() + ", " + info.host() + ", driver " + info.driver());
        told = true;
        return host.open(info);
    }

    private static boolean contains(String text, String part) {
        return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }
}
