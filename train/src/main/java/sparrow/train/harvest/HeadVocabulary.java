package sparrow.train.harvest;

/** The outputs that a head knows. */
public enum HeadVocabulary {
    /** All tokens: for text positions as well. */
    FULL,
    /** Those that the interleave format allows where speech is expected; trained at speech positions alone. */
    SPEECH,

    /** None, but frames: such a head stands before the depth decoder, and is trained at positions of frames alone. */
    FRAMES
}
