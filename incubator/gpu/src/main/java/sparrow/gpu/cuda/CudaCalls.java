package sparrow.gpu.cuda;

/** The calls of an open device. */
record CudaCalls(CudaObjects objects, CudaCommands commands, CudaGraphs graphs, Nvrtc compiler) {}
