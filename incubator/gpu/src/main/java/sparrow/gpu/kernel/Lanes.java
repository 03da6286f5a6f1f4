package sparrow.gpu.kernel;

import java.util.Arrays;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Language;

/** Methods for adding up the sums of a team's 32 items, from the fastest to the slowest. */
enum Lanes {
    /** Exchange between the lanes of a warp, in CUDA. */
    SHUFFLE("lanes_shuffle.cu"),
    /** Exchange between the lanes of a warp, in NVIDIA's OpenCL. */
    PTX("lanes_ptx.cl"),
    /** Subgroups of 32, if kernels can require this size. */
    SUBGROUPS("lanes_subgroups.cl"),
    /** Local memory, supported by every device. */
    LOCAL("lanes_local.cl");

    /** Number of items per team. */
    static final int COUNT = 32;

    private final String text;

    Lanes(String text) {
        this.text = text;
    }

    /** Returns the file name of the source. */
    String text() {
        return text;
    }

    /** Returns whether a device supports this method. */
    boolean on(Device device) {
        return switch (this) {
            case SHUFFLE -> device.language() == Language.CUDA;
            case PTX -> device.language() == Language.OPENCL_C_WITH_PTX;
            case SUBGROUPS -> device.language() != Language.CUDA && device.subgroupsOf(COUNT);
            case LOCAL -> true;
        };
    }

    /** Returns the fastest method that a device supports. */
    static Lanes best(Device device) {
        return Arrays.stream(values())
                .filter(lanes -> lanes.on(device))
                .findFirst()
                .orElseThrow();
    }
}
