/**
 * Devices, such as graphics cards, that run the layers of a language model instead of this machine's threads. A module
 * that supports devices implements {@link sparrow.engine.device.DeviceProvider}, which lists devices and copies a
 * transformer's layers to a device as a {@link sparrow.engine.device.DeviceStack}. A
 * {@link sparrow.engine.device.Placement} chooses the device when a model is opened.
 *
 * <pre>{@code
 * DeviceProvider provider = DeviceProvider.find().orElseThrow();
 * Placement first = Placement.on(provider, provider.devices().getFirst());
 * }</pre>
 */
package sparrow.engine.device;
