package sparrow.engine.transformer;

/** Thrown if a model's weights produce NaN or infinite values, for example because the file is damaged. */
public final class DamagedWeightsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** Creates an exception with a one-line message that contains the location and the value found. */
    public DamagedWeightsException(String message) {
        super(message);
    }
}
