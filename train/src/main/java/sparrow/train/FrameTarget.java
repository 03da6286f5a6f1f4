package sparrow.train;

/** The target that a head of frames is trained against. */
public enum FrameTarget {
    /** The depth decoder's distributions at full depth, behind the reply's own codes: cross-entropy, added up over the codebooks. */
    CODES,

    /**
     * The depth decoder's inputs at full depth: the squared distance by their squared size, codebook by codebook, and its mean. Cheaper,
     * for the depth decoder does not run.
     */
    INPUTS
}
