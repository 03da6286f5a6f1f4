package sparrow.gpu.kernel;

import sparrow.gpu.device.Device;

/** How the 32 items of a team add up their sums. */
enum Lanes {
    /** By local memory, which every device has. */
    LOCAL("lanes_local.cl"),
    /** By subgroups of 32, where kernels can ask for them. */
    SUBGROUPS("lanes_subgroups.cl");

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

    /** Whether a device can add up this way. */
    boolean on(Device device) {
        return this == LOCAL || device.subgroupsOf(COUNT);
    }

    /** The faster one that a device has. */
    static Lanes best(Device device) {
        return SUBGROUPS.on(device) ? SUBGROUPS : LOCAL;
    }
}
