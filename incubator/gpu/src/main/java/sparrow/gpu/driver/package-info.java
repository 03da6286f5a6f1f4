/**
 * Devices whose drivers are C libraries, called by the JDK's foreign functions. {@link sparrow.gpu.driver.DriverDevice} and its
 * parts check arguments, keep account of open objects, and hold the device's lock; a {@link sparrow.gpu.driver.Driver} makes
 * the calls of one host. {@link sparrow.gpu.driver.SharedLibrary} finds a library.
 */
package sparrow.gpu.driver;
