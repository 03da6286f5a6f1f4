package sparrow.gpu.cuda;

/** The native functions used by an open device. */
record CudaCalls(CudaObjects objects, CudaCommands commands, CudaGraphs graphs, Nvrtc compiler) {}
