package sparrow.gpu.device;

/** The language of a device's kernels. */
public enum Language {
    /** OpenCL C 1.2. */
    OPENCL_C,
    /**
     * OpenCL C 1.2 as compiled by NVIDIA's driver, with support for inline PTX, the instruction language of NVIDIA's
     * cards.
     */
    OPENCL_C_WITH_PTX,
    /** CUDA C++ as compiled by NVIDIA's run-time compiler, without headers. */
    CUDA
}
