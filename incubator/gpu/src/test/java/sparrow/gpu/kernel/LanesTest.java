package sparrow.gpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Language;

/** Which way of adding up lanes a device is given. */
class LanesTest {
    @ParameterizedTest
    @CsvSource({
        "OPENCL_C, 32, SUBGROUPS",
        "OPENCL_C, 16, LOCAL",
        "OPENCL_C_WITH_PTX, 0, PTX",
        "CUDA, 0, SHUFFLE",
    })
    void theFastestOneOfItsLanguage(Language language, int subgroups, Lanes lanes) {
        Device device = (Device) Proxy.newProxyInstance(
                Device.class.getClassLoader(),
                new Class<?>[] {Device.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "language" -> language;
                    case "subgroupsOf" -> (int) arguments[0] == subgroups;
                    default -> throw new AssertionError("expected not to be asked: " + method.getName());
                });

        assertThat(Lanes.best(device)).isEqualTo(lanes);
        assertThat(Lanes.LOCAL.on(device)).isTrue();
    }
}
