/**
 * Single linear layers on a device: {@link sparrow.gpu.offload.DeviceOffload} takes those of the networks of sound there, whose
 * other layers this machine's threads compute. Weights stay on the device, inputs and outputs go over each time.
 */
package sparrow.gpu.offload;
