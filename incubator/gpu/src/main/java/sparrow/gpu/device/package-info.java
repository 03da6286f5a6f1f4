/**
 * The parts of a device that a pass requires, independent of the host: an open {@link Device}, its {@link Buffer}s,
 * {@link Program}s of {@link Kernel}s, and the single {@link Queue}, which runs all work in order.
 * {@link sparrow.gpu.driver} is the implementation.
 *
 * <p>Argument counts, ranges and closed objects are checked here in Java, because native code does not check them. The
 * class that enqueues a kernel checks the kernel's accesses to buffers.
 */
package sparrow.gpu.device;
