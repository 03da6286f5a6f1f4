/**
 * Weight files. A {@link Checkpoint} is a set of named tensors in any format: {@link Safetensors},
 * {@link SafetensorsFolder}, {@link Gguf} or {@link TorchZip}. {@link SafetensorsWriter} and {@link GgufWriter} write
 * checkpoints.
 *
 * <p>Files are not trusted. Code in files is never executed: the unpickler for PyTorch files builds only tensors. Every
 * length is checked against the file before it is used.
 *
 * <p>The package does not depend on any model. {@code sparrow.models} defines the tensors that a model requires and
 * their names.
 */
package sparrow.formats.weights;
