package sparrow.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the system tells of itself. */
class MachineTest {
    @TempDir
    private Path folder;

    @Test
    void nameOfTheProcessorIsRead() throws IOException {
        Path cpuinfo = Files.writeString(
                folder.resolve("cpuinfo"), "processor\t: 0\nmodel name\t: Fast 9000: 2 GHz\nmodel name\t: other\n");

        assertThat(Machine.cpuModel(cpuinfo)).contains("Fast 9000: 2 GHz");
        assertThat(Machine.cpuModel(folder.resolve("missing"))).isEmpty();
    }

    @Test
    void thisMachineHasAName() {
        assertThat(Machine.here().cpu()).isNotBlank();
    }
}
