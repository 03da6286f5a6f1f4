package sparrow.engine.transformer;

/** A model whose weights give no numbers: NaN or infinite values, read from a damaged file. */
public final class DamagedWeightsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** Says in one line what was found where. */
    public DamagedWeightsException(String message) {
        super(message);
    }
}
