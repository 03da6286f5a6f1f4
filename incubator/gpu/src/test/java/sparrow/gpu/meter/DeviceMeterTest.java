package sparrow.gpu.meter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.gpu.DeviceUnderTest;
import sparrow.gpu.device.Device;
import sparrow.tensor.DType;

/** What is measured is counted, in its unit; how long it takes is the device's business. */
@Tag("device")
class DeviceMeterTest {
    private static final long BYTES = 3 << 20;

    @Test
    void everyTimeGivesAValueAndOneMoreWarmsUp() {
        Device device = DeviceUnderTest.open();
        try (DeviceMeter meter = DeviceMeter.open(device, BYTES)) {
            assertThat(meter.bytes()).isEqualTo(BYTES);
            assertThat(meter.read(3)).hasSize(3).allMatch(perSecond -> perSecond > 1e6);
            assertThat(meter.copy(2)).hasSize(2).allMatch(perSecond -> perSecond > 1e6);
            long launches = device.queue().use().launches();
            assertThat(meter.launch(200, 4)).hasSize(4).allMatch(seconds -> seconds > 0 && seconds < 1);
            assertThat(device.queue().use().launches() - launches).isEqualTo(5 * 200);
            assertThat(meter.roundTrip(5)).hasSize(5).allMatch(seconds -> seconds > 0 && seconds < 1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0"})
    void productsTakeTurnsAndGiveTheirMemoryBack(DType type) {
        Device device = DeviceUnderTest.open();
        try (DeviceMeter meter = DeviceMeter.open(device, BYTES)) {
            meter.product(type, 8, 32, 1, 1);
            int open = device.openObjects();

            List<Double> seconds = meter.product(type, 96, 64, 3, 2);

            assertThat(seconds).hasSize(2).allMatch(each -> each > 0 && each < 10);
            // What rounds the rows of q4_0 has grown; it is the same memory.
            assertThat(device.openObjects()).isEqualTo(open);
        }
    }

    @Test
    void aDeviceWithoutSoMuchMemoryIsMeasuredOverLess() {
        Device device = DeviceUnderTest.open();
        long largest = device.info().largestBytes();
        // Asked for more than is allocated at once; no more than a few megabytes of it are touched.
        if (largest > 64 << 20) return;
        try (DeviceMeter meter = DeviceMeter.open(device, 4 * largest)) {
            assertThat(meter.bytes()).isLessThanOrEqualTo(largest);
        }
    }
}
