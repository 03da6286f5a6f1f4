/**
 * Devices by OpenCL, through the JDK's foreign functions and the loader that the system or a driver installs. {@link
 * sparrow.gpu.opencl.OpenCl} loads it; {@link sparrow.gpu.driver} checks the arguments that reach it. Functions that this
 * version does not use are not bound: parts of buffers, mapped memory, events. The package holds names, constants and layouts
 * of a C interface, and neither headers nor code of others.
 */
package sparrow.gpu.opencl;
