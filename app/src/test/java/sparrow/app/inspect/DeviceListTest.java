package sparrow.app.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.app.Commands.assertRefusedInOneLine;
import static sparrow.app.Commands.run;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import sparrow.app.report.JsonText;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceInfo.Kind;
import sparrow.engine.device.DeviceProvider;
import sparrow.engine.device.DeviceStack;
import sparrow.engine.device.NoDeviceException;
import sparrow.engine.transformer.Transformer;

/** What is told of devices; here by a provider of the test, in the module gpu by OpenCL. */
class DeviceListTest {
    private static final DeviceInfo CARD = new DeviceInfo(
            "opencl:0", "Card 9", "Cards Inc.", Kind.GPU, 8_589_934_592L, 2_147_483_648L, 64, "OpenCL 3.0", "1.2");
    private static final DeviceInfo PROCESSOR = new DeviceInfo(
            "opencl:1", "Chip 7", "Chips Inc.", Kind.CPU, 4_000_000_000L, 1_000_000_000L, 2, "OpenCL 1.2", "6.0");

    private static Optional<DeviceProvider> provider(Supplier<List<DeviceInfo>> devices) {
        return Optional.of(new DeviceProvider() {
            @Override
            public List<DeviceInfo> devices() {
                return devices.get();
            }

            @Override
            public DeviceStack open(DeviceInfo device, Transformer transformer) {
                throw new AssertionError("a list opens nothing");
            }

            @Override
            public String noGpu(List<DeviceInfo> found) {
                return "no card among " + found.size();
            }
        });
    }

    private static String printed(DeviceList list) {
        StringWriter out = new StringWriter();
        list.print(new PrintWriter(out));
        return out.toString().replace(System.lineSeparator(), "\n");
    }

    @Test
    void everyDeviceIsListed() {
        assertThat(printed(DeviceList.of(provider(() -> List.of(CARD, PROCESSOR)))))
                .isEqualTo("""
                        device      opencl:0  Card 9
                        kind        GPU, 64 compute units
                        vendor      Cards Inc.
                        memory      8.6 GB, at most 2.1 GB at once
                        host        OpenCL 3.0, driver 1.2

                        device      opencl:1  Chip 7
                        kind        CPU, 2 compute units
                        vendor      Chips Inc.
                        memory      4.0 GB, at most 1.0 GB at once
                        host        OpenCL 1.2, driver 6.0

                        """);
    }

    @Test
    void whereNoneIsAGraphicsCardANoteSaysWhatHelps() {
        DeviceList list = DeviceList.of(provider(() -> List.of(PROCESSOR)));

        assertThat(list.note()).isEqualTo("gpu: no card among 1");
        assertThat(printed(list)).contains("opencl:1  Chip 7").endsWith("\ngpu: no card among 1\n");
    }

    @Test
    void jsonHasTheNumbersThemselves() {
        assertThat(JsonText.of(DeviceList.of(provider(() -> List.of(CARD)))))
                .contains("\"id\" : \"opencl:0\"", "\"memory_bytes\" : 8589934592", "\"kind\" : \"GPU\"")
                .contains("\"note\" : null");
    }

    @Test
    void withoutTheModuleOneLineSaysSo() {
        assertThatThrownBy(() -> DeviceList.of(Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gpu: this build has no module gpu");
    }

    @Test
    void whatIsMissingIsWrongUseAndADriverThatFailsIsAFailure() {
        assertThatThrownBy(() -> DeviceList.of(provider(() -> {
                    throw new NoDeviceException("no library");
                })))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gpu: no library");
        assertThatThrownBy(() -> DeviceList.of(provider(() -> {
                    throw new IllegalStateException("clFoo failed");
                })))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("gpu: clFoo failed");
    }

    @Test
    void aModelBesideItIsRefused() {
        assertRefusedInOneLine(run("info", "--devices", "folder/"), "--devices: expected neither MODEL");
    }
}
