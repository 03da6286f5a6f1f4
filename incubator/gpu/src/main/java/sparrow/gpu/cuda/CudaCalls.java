package sparrow.gpu.cuda;

/** What an open device calls. */
record CudaCalls(CudaObjects objects, CudaCommands commands, CudaGraphs graphs, Nvrtc compiler) {}
