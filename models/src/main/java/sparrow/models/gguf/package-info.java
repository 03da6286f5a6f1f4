/**
 * Language models under the names and keys of llama.cpp. {@link TransformerLoader} is the one loader for every
 * architecture and every format: other checkpoints are renamed first. {@link Architecture} lists the decoders that are
 * known, {@link Names} their tensors. {@link GgufLanguageModel} opens one file without audio, {@link GgufExport} writes
 * one a few rows at a time, {@link RandomModel} makes one of random weights for speed measurements. The package knows
 * no prompts and no audio.
 */
package sparrow.models.gguf;
