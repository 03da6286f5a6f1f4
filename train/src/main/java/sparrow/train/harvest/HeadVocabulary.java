package sparrow.train.harvest;

/** Sets of outputs that a head predicts. */
public enum HeadVocabulary {
    /** All tokens, so that the head can also be used at text positions. */
    FULL,
    /**
     * The tokens that the interleave format allows at speech positions. Such a head is trained only at speech
     * positions.
     */
    SPEECH,

    /** Frames instead of tokens. Such a head precedes the depth decoder and is trained only at frame positions. */
    FRAMES
}
