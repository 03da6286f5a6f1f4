package sparrow.gpu.cuda;

import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The architecture that a text is compiled for.
 *
 * @param capability of the cards that the compiler makes it for, 80 for 8.0
 * @param code whether the compiler makes the device's own code; else it makes PTX, which the card's driver compiles
 */
record Architecture(int capability, boolean code) {
    /** The oldest that the kernels' words are for: dp4a and exchange between lanes. */
    private static final int OLDEST = 61;

    /** The oldest with products of bf16 matrices. */
    private static final int WITH_BF16 = 80;

    /**
     * The architecture for a device.
     *
     * @param capability of the device, 80 for 8.0
     * @param supported by the compiler
     * @return empty if it is too old for the kernels or for the compiler
     */
    static Optional<Architecture> of(int capability, Collection<Integer> supported) {
        OptionalInt best = supported.stream()
                .mapToInt(Integer::intValue)
                .filter(known -> known >= OLDEST && known <= capability)
                .max();
        if (best.isEmpty()) return Optional.empty();
        return Optional.of(new Architecture(best.getAsInt(), best.getAsInt() == capability));
    }

    /** The compiler's name for it. */
    String option() {
        return (code ? "sm_" : "compute_") + capability;
    }

    /** True if kernels can use {@code mma.m16n8k16} of bf16. */
    boolean multipliesBf16() {
        return capability >= WITH_BF16;
    }
}
