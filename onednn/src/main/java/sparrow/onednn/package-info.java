/**
 * Matrix products with oneDNN, a native library that uses the processor's bf16 instructions (AVX512-BF16, AMX), which
 * Java does not support. {@link OneDnnLibrary} is provided as a service. It finds the shared library at run time and
 * calls its C interface through the JDK's foreign function API. The module is optional, and no other module is compiled
 * against it. It contains no headers or code from the library, only names, constants and layouts of its C interface.
 */
package sparrow.onednn;
