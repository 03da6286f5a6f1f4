/** The service of this module: {@link sparrow.gpu.GpuProvider}, which lists the devices of every host. */
package sparrow.gpu;
