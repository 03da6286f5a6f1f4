package sparrow.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuIsaTest {
    @ParameterizedTest
    @CsvSource({
        "0, generic, false",
        "0x7, avx2, false",
        "0x1f, avx2_vnni_2, false",
        "0x67, avx512_core_vnni, false",
        "0xe7, avx512_core_bf16, true",
        "0x1ef, avx10_1_512, true",
        "0xfef, avx10_1_512_amx, true",
        "0x1fef, avx10_1_512_amx_fp16, true",
        "0xffff, avx10_1_512_amx_fp16, true"
    })
    void theLargestKnownSetIsNamed(String bits, String name, boolean bf16) {
        CpuIsa isa = new CpuIsa(Integer.decode(bits));

        assertThat(isa.name()).isEqualTo(name);
        assertThat(isa.multipliesBf16()).isEqualTo(bf16);
        assertThat(isa.hasTiles()).isEqualTo(name.contains("amx"));
    }
}
