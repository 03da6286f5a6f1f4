/**
 * Matrix products by oneDNN, a native library that uses the processor's instructions for bf16 (AVX512-BF16, AMX), which
 * Java does not reach. {@link OneDnnLibrary} is found as a service. It finds the shared library at run time and calls its C
 * interface through the JDK's foreign functions. The module is optional, and nothing is compiled against it. It holds
 * neither header nor code of the library, only names, constants and layouts of its C interface.
 */
package sparrow.onednn;
