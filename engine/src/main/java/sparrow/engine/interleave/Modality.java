package sparrow.engine.interleave;

/** What a position's output token is expected to be. */
public enum Modality {
    TEXT,
    SPEECH
}
