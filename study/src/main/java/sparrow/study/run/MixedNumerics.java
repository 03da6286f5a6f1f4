package sparrow.study.run;

/** Whether a run that was begun with other numerics, whose results differ in their last bits, may be resumed. */
public enum MixedNumerics {
    /** Only machines with numerics that the run names resume it. */
    REFUSED,
    /** Every machine resumes the run, which then names this machine's numerics too. */
    ALLOWED
}
