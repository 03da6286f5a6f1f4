package sparrow.engine.transformer;

/** Thrown if the weights of a model produce NaN or infinite values, as those of a damaged file do. */
public final class DamagedWeightsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** Creates an exception whose message contains, in one line, the place and the value found. */
    public DamagedWeightsException(String message) {
        super(message);
    }
}
