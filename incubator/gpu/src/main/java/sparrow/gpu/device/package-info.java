/**
 * The parts of a device that a pass needs, the same for every host: a {@link Device} that is open, its {@link Buffer}s, {@link
 * Program}s of {@link Kernel}s, and the one {@link Queue} in which all work is done in order. {@link sparrow.gpu.driver} is the
 * implementation.
 *
 * <p>Numbers of arguments, ranges and closed objects are checked here in Java, since native code would not. The accesses of a
 * kernel to a buffer are checked by the class that enqueues the kernel.
 */
package sparrow.gpu.device;
