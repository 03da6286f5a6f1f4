package sparrow.models.gguf;

/** Receives the progress of a conversion. */
public interface ConversionListener {
    /** Ignores the progress. */
    ConversionListener NONE = (tensor, index, total) -> {};

    /**
     * Called before a tensor is written.
     *
     * @param tensor name in the new file
     * @param index index in the file, from 0
     * @param total number of tensors in the file
     */
    void next(String tensor, int index, int total);
}
