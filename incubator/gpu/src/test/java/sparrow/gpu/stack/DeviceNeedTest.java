package sparrow.gpu.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceInfo.Kind;
import sparrow.engine.device.NoDeviceException;

class DeviceNeedTest {
    private static final DeviceInfo CARD = new DeviceInfo(
            "opencl:0", "Card 7", "Cards Inc.", Kind.GPU, 8_000_000_000L, 8_000_000_000L, 64, "OpenCL 3.0", "1.2");

    @Test
    void aModelThatDoesNotFitIsRefusedWithBothFigures() {
        assertThatThrownBy(() -> new DeviceNeed(9_400_000_000L, 400_000_000L).require(CARD))
                .isInstanceOf(NoDeviceException.class)
                .hasMessage(
                        "Card 7 has 8.0 GB, the model needs 10.3 GB (weights 9.4, context 0.4). Convert it with --quant"
                                + " q4_0, or use --device cpu");
        assertThatCode(() -> new DeviceNeed(7_000_000_000L, 400_000_000L).require(CARD))
                .doesNotThrowAnyException();
    }

    @Test
    void conversationsGetWhatIsLeftButOneContextAtLeast() {
        assertThat(new DeviceNeed(7_000_000_000L, 400_000_000L).contexts(CARD)).isEqualTo(800_000_000L);
        assertThat(new DeviceNeed(7_600_000_000L, 400_000_000L).contexts(CARD)).isEqualTo(400_000_000L);
    }
}
