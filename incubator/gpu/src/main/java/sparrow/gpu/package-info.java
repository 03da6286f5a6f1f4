/** What the module provides: {@link sparrow.gpu.GpuProvider}, which asks every host for its devices. */
package sparrow.gpu;
