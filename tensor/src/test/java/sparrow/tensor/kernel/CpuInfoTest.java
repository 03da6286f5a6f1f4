package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The system's description of its processors. */
class CpuInfoTest {
    @TempDir
    private Path folder;

    @Test
    void nameOfTheProcessorIsRead() throws IOException {
        Path cpuinfo = Files.writeString(
                folder.resolve("cpuinfo"), "processor\t: 0\nmodel name\t: Fast 9000: 2 GHz\nmodel name\t: other\n");

        assertThat(new CpuInfo(cpuinfo).model()).contains("Fast 9000: 2 GHz");
        assertThat(new CpuInfo(folder.resolve("missing")).model()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "flags : fpu sse sse2 avx avx2, 256",
        "flags : sse2 avx, 128",
        "flags : sse2 avx2 avx512f avx512bw avx512dq avx512vl avx512cd, 512",
        "flags : sse2 avx2 avx512f, 256",
        "Features : fp asimd, 128",
        "Features : fp asimd sve, ",
        "model name : none, "
    })
    void widestVectorsOfTheProcessorAreRead(String line, Integer bits) throws IOException {
        Path cpuinfo = Files.writeString(folder.resolve("cpuinfo"), "processor : 0\n" + line + "\n");

        assertThat(new CpuInfo(cpuinfo).vectorBits())
                .isEqualTo(bits == null ? OptionalInt.empty() : OptionalInt.of(bits));
    }

    @ParameterizedTest
    @CsvSource({
        "GenuineIntel, fpu avx2 amx_bf16 avx512_fp16, true",
        "GenuineIntel, fpu avx2 avx512f, false",
        "AuthenticAMD, fpu avx2 amx_bf16, false",
        "AuthenticAMD, fpu avx512f avx512_bf16, false"
    })
    void processorByIntelWithAmxIsRecognised(String vendor, String flags, boolean expected) throws IOException {
        Path cpuinfo = Files.writeString(
                folder.resolve("cpuinfo"), "processor\t: 0\nvendor_id\t: " + vendor + "\nflags\t\t: " + flags + "\n");

        assertThat(new CpuInfo(cpuinfo).isIntelWithAmx()).isEqualTo(expected);
        assertThat(new CpuInfo(folder.resolve("missing")).isIntelWithAmx()).isFalse();
    }

    @Test
    void processorThatTellsNothingIsNotJudged() {
        assertThat(new CpuInfo(folder.resolve("missing")).vectorBits()).isEmpty();
    }
}
