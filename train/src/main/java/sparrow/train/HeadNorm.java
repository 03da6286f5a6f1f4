package sparrow.train;

/** The norm before a head's matrix. */
public enum HeadNorm {
    /** The model's final norm. */
    FINAL,
    /** Nothing. */
    NONE
}
