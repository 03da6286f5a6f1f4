package sparrow.gpu.cuda;

import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a text is compiled for.
 *
 * @param option of the compiler
 * @param code whether it makes the device's own code; else PTX, which a driver that knows the card compiles on
 */
record Architecture(String option, boolean code) {
    /** The oldest that the kernels' words are for: dp4a and exchange between lanes. */
    private static final int OLDEST = 61;

    /**
     * For a device.
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
        boolean same = best.getAsInt() == capability;
        return Optional.of(new Architecture((same ? "sm_" : "compute_") + best.getAsInt(), same));
    }
}
