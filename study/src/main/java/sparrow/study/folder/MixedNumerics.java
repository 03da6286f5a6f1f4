package sparrow.study.folder;

/** A rule for resuming runs that used other numerics, whose results differ in their last bits. */
public enum MixedNumerics {
    /** A run can be resumed only with numerics listed in its settings. */
    REFUSED,
    /** A run can be resumed with any numerics, which are then added to its settings. */
    ALLOWED
}
