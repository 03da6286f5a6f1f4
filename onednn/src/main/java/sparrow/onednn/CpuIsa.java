package sparrow.onednn;

import java.util.List;

/**
 * The instruction set that oneDNN uses on a processor, in oneDNN's numeric form. An instruction set's bits include the
 * bits of the sets that it extends.
 *
 * @param bits the return value of {@code dnnl_get_effective_cpu_isa}
 */
record CpuIsa(int bits) {
    private record Named(int bits, String name) {}

    private static final int AVX512_BF16 = 0xe7;
    private static final int AMX = 0xfef;

    /** Known sets, from the largest to the smallest. */
    private static final List<Named> NAMES = List.of(
            new Named(0x1fef, "avx10_1_512_amx_fp16"),
            new Named(AMX, "avx10_1_512_amx"),
            new Named(0x1ef, "avx10_1_512"),
            new Named(AVX512_BF16, "avx512_core_bf16"),
            new Named(0x67, "avx512_core_vnni"),
            new Named(0x27, "avx512_core"),
            new Named(0x1f, "avx2_vnni_2"),
            new Named(0xf, "avx2_vnni"),
            new Named(0x7, "avx2"),
            new Named(0x3, "avx"),
            new Named(0x1, "sse41"));

    /** Returns the library's name for the largest known set. */
    String name() {
        return NAMES.stream()
                .filter(named -> contains(named.bits))
                .map(Named::name)
                .findFirst()
                .orElse("generic");
    }

    /** Returns whether vector or tile instructions multiply bf16 and accumulate in f32. */
    boolean multipliesBf16() {
        return contains(AVX512_BF16);
    }

    /** Returns whether tile instructions (AMX) multiply bf16. */
    boolean hasTiles() {
        return contains(AMX);
    }

    private boolean contains(int some) {
        return (bits & some) == some;
    }
}
