package sparrow.gpu.device;

/** What the texts of a device's kernels are written in. */
public enum Language {
    /** OpenCL C 1.2. */
    OPENCL_C,
    /** OpenCL C 1.2 as NVIDIA's driver compiles it: it takes PTX, the language of the device's instructions, in a text. */
    OPENCL_C_WITH_PTX,
    /** CUDA C++ as NVIDIA's run-time compiler takes it, without a header. */
    CUDA
}
