/**
 * What a pass needs of a device, whoever reaches it: a {@link Device} that is open, its {@link Buffer}s, {@link Program}s
 * of {@link Kernel}s, and the one {@link Queue} in which everything happens in order. {@link sparrow.gpu.driver} is the
 * implementation, for every host.
 *
 * <p>Numbers of arguments, ranges and closed objects are checked here in Java, since native code would not. What a kernel
 * does with a buffer is checked by whoever enqueues it.
 */
package sparrow.gpu.device;
