package sparrow.models.gguf;

/** Receives the progress of a conversion. */
public interface ConversionListener {
    /** A listener that ignores the progress. */
    ConversionListener NONE = (tensor, index, total) -> {};

    /**
     * Called before a tensor is written.
     *
     * @param tensor the name in the new file
     * @param index the index in the file, from 0
     * @param total the number of tensors in the file
     */
    void next(String tensor, int index, int total);
}
