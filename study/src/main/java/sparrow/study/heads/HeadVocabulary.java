package sparrow.study.heads;

/** The tokens that a head knows. */
public enum HeadVocabulary {
    /** All: for text positions as well. */
    FULL,
    /** Those that the interleave format allows where speech is expected; trained at speech positions alone. */
    SPEECH
}
