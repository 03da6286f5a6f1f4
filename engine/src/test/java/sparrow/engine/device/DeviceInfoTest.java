package sparrow.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sparrow.engine.device.DeviceInfo.Kind;

class DeviceInfoTest {
    private static final DeviceInfo CARD =
            new DeviceInfo("opencl:2", "Card 9", "Cards Inc.", Kind.GPU, 1L << 40, 1L << 40, 64, "OpenCL 3.0", "1.2");

    @Test
    void reportsAndFailuresNameTheDevice() {
        assertThat(CARD.label()).isEqualTo("Card 9 (OpenCL 3.0)");
        assertThat(new LostDeviceException(CARD, "CL_DEVICE_NOT_AVAILABLE"))
                .hasMessage("gpu: Card 9 was lost: CL_DEVICE_NOT_AVAILABLE");
    }
}
