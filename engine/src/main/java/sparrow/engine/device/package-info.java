/**
 * Devices that compute the layers of a language model in place of this machine's threads, such as graphics cards; what a module
 * that knows some of them implements. A {@link sparrow.engine.device.DeviceProvider} lists devices and takes a transformer
 * there, where it is a {@link sparrow.engine.device.DeviceStack}. A {@link sparrow.engine.device.Placement} does so while
 * a model is opened.
 *
 * <pre>{@code
 * DeviceProvider provider = DeviceProvider.find().orElseThrow();
 * Placement first = Placement.on(provider, provider.devices().getFirst());
 * }</pre>
 */
package sparrow.engine.device;
