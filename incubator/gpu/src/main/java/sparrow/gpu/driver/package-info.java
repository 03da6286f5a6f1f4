/**
 * Devices whose drivers are C libraries, called through the JDK's foreign functions.
 * {@link sparrow.gpu.driver.DriverDevice} and its parts check arguments, register open objects, and hold the device's
 * lock. A {@link sparrow.gpu.driver.Driver} makes the calls of one host. {@link sparrow.gpu.driver.SharedLibrary} loads
 * a library.
 */
package sparrow.gpu.driver;
