package sparrow.gpu.kernel;

import java.util.Optional;
import sparrow.gpu.device.Device;

/**
 * Methods by which the 32 items of a warp multiply small bf16 matrices, 16 x 16 by 16 x 8, for linear layers with many
 * rows.
 */
enum MatrixProduct {
    /** The instruction of NVIDIA's cards with compute capability 8.0 or higher. */
    INSTRUCTION("mma_ptx.cl"),
    /**
     * Local memory, with each item holding the same numbers as with the instruction, for tests on devices without the
     * instruction.
     */
    LOCAL("mma_local.cl");

    private final String text;

    MatrixProduct(String text) {
        this.text = text;
    }

    /** Adds the source of this method and of the functions used by its kernels. */
    void addTo(KernelText all) {
        all.words("bf16.cl").words(text);
    }

    /** Returns the best method for a device, or empty if no method is faster than the other kernels. */
    static Optional<MatrixProduct> best(Device device) {
        return device.multipliesBf16() ? Optional.of(INSTRUCTION) : Optional.empty();
    }
}
