/**
 * Files of weights. A {@link Checkpoint} is a set of named tensors, whatever its format: {@link Safetensors} and {@link
 * SafetensorsFolder}, {@link Gguf}, {@link TorchZip}. {@link SafetensorsWriter} and {@link GgufWriter} write them, and
 * {@link AtomicFile} puts any file in its place whole or not at all.
 *
 * <p>Files are not trusted. No code runs: PyTorch's pickles are read by an unpickler that builds only tensors. No
 * length is believed before it is checked against the file. Whatever is wrong becomes a {@link BadFileException} of one
 * line: file, key, expected, found. {@link StrictJson} refuses keys that are given twice.
 *
 * <p>The package knows formats and no model. Which tensors a model needs, and under which names, is decided in {@code
 * sparrow.models}.
 */
package sparrow.engine.weights;
