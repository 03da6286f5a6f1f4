package sparrow.models.gguf;

/** Hears which tensor is being written. */
public interface ConversionListener {
    /** Hears nothing. */
    ConversionListener NONE = (tensor, index, total) -> {};

    /**
     * A tensor begins.
     *
     * @param tensor its name in the new file
     * @param index from 0
     * @param total number of them in this file
     */
    void next(String tensor, int index, int total);
}
