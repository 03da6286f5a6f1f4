/**
 * Measures a device without a model: how fast it reads and copies, what a launch costs, and products with matrices of random
 * numbers ({@link sparrow.gpu.meter.DeviceMeter}).
 */
package sparrow.gpu.meter;
