/**
 * Weight files. A {@link Checkpoint} is a set of named tensors in any format: {@link Safetensors}, {@link
 * SafetensorsFolder}, {@link Gguf} or {@link TorchZip}. {@link SafetensorsWriter} and {@link GgufWriter} write them.
 *
 * <p>Files are not trusted. No code in them is executed: the unpickler for PyTorch's files only builds tensors. Every
 * length is checked against the file before it is used.
 *
 * <p>The package does not depend on any model. {@code sparrow.models} defines which tensors a model needs, and their
 * names.
 */
package sparrow.formats.weights;
