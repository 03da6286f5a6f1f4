/** The service of this module: {@link sparrow.gpu.GpuProvider}, which asks every host for its devices. */
package sparrow.gpu;
