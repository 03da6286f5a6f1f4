/**
 * Measures a device without a model: how fast it reads and copies, what a launch costs, and products with matrices of random
 * numbers. {@link sparrow.gpu.meter.OpenMeter} is what {@link sparrow.engine.transformer.DeviceProvider#meter} gives.
 */
package sparrow.gpu.meter;
