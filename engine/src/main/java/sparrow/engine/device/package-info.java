/**
 * Devices, such as graphics cards, that run the layers of a language model instead of this machine's threads. A module
 * with support for devices implements {@link sparrow.engine.device.DeviceProvider}, which lists devices and copies the
 * layers of a transformer to one of them, as a {@link sparrow.engine.device.DeviceStack}. A
 * {@link sparrow.engine.device.Placement} chooses the device when a model is opened.
 *
 * <pre>{@code
 * DeviceProvider provider = DeviceProvider.find().orElseThrow();
 * Placement first = Placement.on(provider, provider.devices().getFirst());
 * }</pre>
 */
package sparrow.engine.device;
