package sparrow.models.gguf;

/**
 * The types that a model's matrices are converted to.
 *
 * @param languageModel of language model and exit heads
 * @param audio of speech tokenizer or audio encoder, flow and vocoder
 */
public record Quantisations(Quantisation languageModel, AudioQuantisation audio) {
    /** Returns the language model alone; audio parts stay as they are. */
    public static Quantisations of(Quantisation languageModel) {
        return new Quantisations(languageModel, AudioQuantisation.F32);
    }
}
