package sparrow.gpu.device;

/** The language of a device's kernels. */
public enum Language {
    /** OpenCL C 1.2. */
    OPENCL_C,
    /** OpenCL C 1.2 as NVIDIA's driver compiles it: it takes PTX, the language of the device's instructions, in a text. */
    OPENCL_C_WITH_PTX,
    /** CUDA C++ as NVIDIA's run-time compiler takes it, without a header. */
    CUDA
}
