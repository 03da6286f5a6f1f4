package sparrow.gpu.kernel;

import java.util.Arrays;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Language;

/** The ways in which the 32 items of a team add up their sums, the faster first. */
enum Lanes {
    /** By exchange between the lanes of a warp, in CUDA. */
    SHUFFLE("lanes_shuffle.cu"),
    /** The same in NVIDIA's OpenCL. */
    PTX("lanes_ptx.cl"),
    /** By subgroups of 32, if kernels can ask for them. */
    SUBGROUPS("lanes_subgroups.cl"),
    /** By local memory, which every device has. */
    LOCAL("lanes_local.cl");

    /** Items of a team. */
    static final int COUNT = 32;

    private final String text;

    Lanes(String text) {
        this.text = text;
    }

    /** Name of the text. */
    String text() {
        return text;
    }

    /** True if a device can add up this way. */
    boolean on(Device device) {
        return switch (this) {
            case SHUFFLE -> device.language() == Language.CUDA;
            case PTX -> device.language() == Language.OPENCL_C_WITH_PTX;
            case SUBGROUPS -> device.language() != Language.CUDA && device.subgroupsOf(COUNT);
            case LOCAL -> true;
        };
    }

    /** The fastest one that a device has. */
    static Lanes best(Device device) {
        return Arrays.stream(values())
                .filter(lanes -> lanes.on(device))
                .findFirst()
                .orElseThrow();
    }
}
