/**
 * Weight files. A {@link Checkpoint} is a set of named tensors in any format: {@link Safetensors}, {@link
 * SafetensorsFolder}, {@link Gguf} or {@link TorchZip}. {@link SafetensorsWriter}, {@link GgufWriter} and {@link
 * TorchZipWriter} write them. {@link AtomicFile} writes any file atomically, and {@link CacheFolder} manages the user's
 * cache.
 *
 * <p>Files are not trusted. No code in them is executed: the unpickler for PyTorch's files only builds tensors. Every
 * length is checked against the file before it is used. Every defect is reported by a {@link BadFileException} with a
 * one-line message: file, key, expected value, actual value. {@link StrictJson} rejects duplicate keys.
 *
 * <p>The package does not depend on any model. {@code sparrow.models} defines which tensors a model needs, and their
 * names.
 */
package sparrow.formats.weights;
