package sparrow.gpu.kernel;

import java.util.Optional;
import sparrow.gpu.device.Device;

/**
 * The ways in which the 32 items of a warp multiply small matrices of bf16, 16 x 16 and 16 x 8, for linear layers of many rows.
 */
enum MatrixProduct {
    /** By the instruction of NVIDIA's cards of compute capability 8.0 and more. */
    INSTRUCTION("mma_ptx.cl"),
    /** By local memory, each item with the numbers that it has there: for tests, on devices without the instruction. */
    LOCAL("mma_local.cl");

    private final String text;

    MatrixProduct(String text) {
        this.text = text;
    }

    /** Adds its words, and those that kernels need beside them. */
    void addTo(KernelText all) {
        all.words("bf16.cl").words(text);
    }

    /** The one that pays on a device; empty if none does. */
    static Optional<MatrixProduct> best(Device device) {
        return device.multipliesBf16() ? Optional.of(INSTRUCTION) : Optional.empty();
    }
}
