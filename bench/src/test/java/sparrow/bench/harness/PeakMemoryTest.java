package sparrow.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the system tells of the memory that it gave. */
class PeakMemoryTest {
    @TempDir
    private Path folder;

    @Test
    void highWaterMarkIsReadInBytes() throws IOException {
        Path status = Files.writeString(folder.resolve("status"), "VmPeak:\t  90 kB\nVmHWM:\t   1234 kB\n");

        assertThat(PeakMemory.highWaterMark(status)).hasValue(1234 * 1024);
        assertThat(PeakMemory.highWaterMark(folder.resolve("missing"))).isEmpty();
    }

    @Test
    void thisProcessHasAPeak() {
        assertThat(PeakMemory.soFar().bytes()).isPositive();
    }
}
