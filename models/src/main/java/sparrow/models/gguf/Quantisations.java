package sparrow.models.gguf;

/**
 * The types to which a model's matrices are converted.
 *
 * @param languageModel the type for the language model and the exit heads
 * @param audio the type for the speech tokenizer or audio encoder, the flow and the vocoder
 */
public record Quantisations(Quantisation languageModel, AudioQuantisation audio) {
    /** Returns quantisations that leave the audio parts unchanged. */
    public static Quantisations of(Quantisation languageModel) {
        return new Quantisations(languageModel, AudioQuantisation.F32);
    }
}
