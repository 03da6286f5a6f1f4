/**
 * Measures a device without a model: the speed of reading and copying, the time of a launch, and products with matrices
 * of random numbers ({@link sparrow.gpu.meter.DeviceMeter}).
 */
package sparrow.gpu.meter;
