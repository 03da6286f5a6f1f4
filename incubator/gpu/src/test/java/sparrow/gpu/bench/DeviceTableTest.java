package sparrow.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import sparrow.app.report.JsonText;
import sparrow.app.report.Machine;
import sparrow.app.report.Quartiles;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.DeviceInfo.Kind;

class DeviceTableTest {
    private static final DeviceReport REPORT = new DeviceReport(
            "sparrow bench-device",
            new Machine("Fast 9000", 4, "Linux", "25"),
            new DeviceInfo("cuda:0", "Card 9", "Cards Inc.", Kind.GPU, 8, 8, 64, "CUDA 13.0", "580"),
            "glm-4-voice-9b",
            "model.gguf",
            28,
            new DeviceFigures(
                    new DeviceFigures.Ceiling(1_000_000_000, new Quartiles(39, 40, 41, 10)),
                    List.of(new DeviceFigures.Step(
                            100,
                            22,
                            28,
                            2,
                            new Quartiles(130, 140.25, 150, 10),
                            1.122,
                            4_000_000_000L,
                            28.5,
                            0.7125,
                            new DeviceFigures.Asked(310, 1))),
                    List.of(new DeviceFigures.Prefill(
                            64, new Quartiles(9, 10, 11, 3), 6400, new DeviceFigures.Asked(450, 1)))));

    @Test
    void tableAndJsonHoldTheSameFigures() throws IOException {
        StringWriter text = new StringWriter();

        DeviceTable.print(REPORT, new PrintWriter(text, true));

        assertThat(text.toString().lines())
                .contains("device   Card 9 (CUDA 13.0), driver 580", "model    glm-4-voice-9b  (model.gguf), 28 layers")
                .contains("ceiling  40.00 GB/s  (39.00 .. 41.00): a kernel that only reads, over 1000 MB")
                .anyMatch(line -> line.matches(
                        "full \\+ 2 pending from 22 +100 .* 1\\.122 +4000\\.0 +28\\.50 +71% +310\\.0 +1\\.00"))
                .anyMatch(line -> line.matches("64 rows and a choice +10\\.00 .* 6400 +450 +1\\.00"));
        JsonNode json = new ObjectMapper().readTree(JsonText.of(REPORT));
        assertThat(json.at("/figures/ceiling/read_gb_per_s/median").doubleValue())
                .isEqualTo(40);
        assertThat(json.at("/figures/steps/0/share_of_ceiling").doubleValue()).isEqualTo(0.7125);
        assertThat(json.at("/figures/steps/0/asked/waits").doubleValue()).isEqualTo(1);
    }
}
