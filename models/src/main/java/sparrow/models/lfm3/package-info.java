/**
 * The LFM3-Audio family. Its backbone of short convolutions, attention and windowed attention accepts audio embeddings
 * and alternates text tokens and frames of speech codes. Start with {@link Lfm3Family}. {@code MaskedDepthDecoder}
 * predicts a frame's codes, {@code Lfm3Pattern} tracks the order of text and frames, and {@code PrefixEncoder} encodes
 * a question while it is spoken. All sizes and ids are read from the checkpoint.
 */
package sparrow.models.lfm3;
