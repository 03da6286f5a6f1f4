/**
 * Files of weights. A {@link Checkpoint} is a set of named tensors in any format: {@link Safetensors} and {@link
 * SafetensorsFolder}, {@link Gguf}, {@link TorchZip}. {@link SafetensorsWriter} and {@link GgufWriter} write them, and
 * {@link AtomicFile} puts any file in its place whole or not at all, and {@link CacheFolder} folders that can be made again.
 *
 * <p>Files are not trusted. No code runs: PyTorch's pickles are read by an unpickler that builds only tensors. No
 * length is believed before it is checked against the file. Every defect becomes a {@link BadFileException} of one
 * line: file, key, expected, found. {@link StrictJson} refuses keys that are given twice.
 *
 * <p>The package knows formats and no model. {@code sparrow.models} decides which tensors a
 * model needs, and under which names.
 */
package sparrow.formats.weights;
