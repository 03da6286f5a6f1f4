package sparrow.study.folder;

/** A rule for resuming runs that were begun with other numerics, whose results differ in their last bits. */
public enum MixedNumerics {
    /** Only machines with numerics that the run names resume it. */
    REFUSED,
    /** Every machine resumes the run, which then names this machine's numerics too. */
    ALLOWED
}
