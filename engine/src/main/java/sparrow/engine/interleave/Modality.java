package sparrow.engine.interleave;

/** The kind of unit that a position is expected to decide. */
public enum Modality {
    TEXT,
    SPEECH
}
