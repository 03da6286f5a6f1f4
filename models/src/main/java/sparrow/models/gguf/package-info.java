/**
 * Language models with llama.cpp's names and keys. {@link TransformerLoader} loads all architectures and formats; the
 * tensors of other formats are renamed first. {@link Architecture} lists the supported decoders, and {@link Names}
 * their tensors. {@link GgufLanguageModel} opens a single file without audio parts, and {@link GgufExport} writes such
 * a file a few rows at a time. The package does not process prompts or audio.
 */
package sparrow.models.gguf;
