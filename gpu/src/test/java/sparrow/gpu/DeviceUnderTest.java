package sparrow.gpu;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import sparrow.engine.transformer.DeviceFacts;
import sparrow.engine.transformer.NoDeviceException;
import sparrow.gpu.device.Device;
import sparrow.gpu.opencl.OpenCl;

/**
 * The device that tests run on, of any kind: the first one, or the one in whose name the environment's {@code
 * SPARROW_DEVICE} occurs. Where there is none, whoever asks is skipped with the reason.
 */
public final class DeviceUnderTest {
    private static boolean told;

    private DeviceUnderTest() {}

    /** OpenCL as it is here. */
    public static OpenCl openCl() {
        try {
            return OpenCl.load();
        } catch (NoDeviceException e) {
            return Assumptions.abort("gpu: " + e.getMessage());
        }
    }

    /** The device's facts. */
    public static DeviceFacts facts() {
        List<DeviceFacts> devices = openCl().devices();
        Optional<String> wanted = Optional.ofNullable(System.getenv("SPARROW_DEVICE"));
        return devices.stream()
                .filter(device -> wanted.isEmpty() || contains(device.name(), wanted.get()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "SPARROW_DEVICE=" + wanted.orElse("") + ": expected a part of a name of " + devices));
    }

    /** Opens it. The log of the tests says once which one it is. */
    public static synchronized Device open() {
        DeviceFacts facts = facts();
        if (!told)
            System.out.println(
                    "device under test: " + facts.name() + ", " + facts.host() + ", driver " + facts.driver());
        told = true;
        return openCl().open(facts);
    }

    private static boolean contains(String name, String part) {
        return name.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }
}
