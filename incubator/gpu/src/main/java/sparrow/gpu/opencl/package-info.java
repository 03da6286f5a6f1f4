/**
 * Access to devices through OpenCL. The JDK's foreign functions call the loader that the system or a driver installs.
 * {@link sparrow.gpu.opencl.OpenCl} loads the library; {@link sparrow.gpu.driver} checks the arguments of its
 * functions. Functions for sub-buffers, mapped memory and events are not bound, because they are not used. The package
 * contains names, constants and layouts of a C interface, but no third-party headers or code.
 */
package sparrow.gpu.opencl;
