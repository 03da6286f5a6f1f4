package sparrow.gpu.cuda;

import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The target architecture of the kernel compiler.
 *
 * @param capability compute capability times 10
 * @param code whether the compiler produces machine code; otherwise, it produces PTX, which the card's driver compiles
 */
record Architecture(int capability, boolean code) {
    /**
     * The oldest architecture with the instructions used by the kernels: dp4a and the exchange of values between lanes.
     */
    private static final int OLDEST = 61;

    /** The oldest architecture with instructions for products of bf16 matrices. */
    private static final int WITH_BF16 = 80;

    /**
     * Returns the newest supported architecture for a device.
     *
     * @param capability compute capability of the device times 10
     * @param supported architectures that the compiler supports
     * @return the architecture, or empty if the device is too old for the kernels or for the compiler
     */
    static Optional<Architecture> of(int capability, Collection<Integer> supported) {
        OptionalInt best = supported.stream()
                .mapToInt(Integer::intValue)
                .filter(known -> known >= OLDEST && known <= capability)
                .max();
        if (best.isEmpty()) return Optional.empty();
        return Optional.of(new Architecture(best.getAsInt(), best.getAsInt() == capability));
    }

    /** Returns the architecture's name in compiler options. */
    String option() {
        return (code ? "sm_" : "compute_") + capability;
    }

    /** Returns whether kernels can use {@code mma.m16n8k16} with bf16. */
    boolean multipliesBf16() {
        return capability >= WITH_BF16;
    }
}
