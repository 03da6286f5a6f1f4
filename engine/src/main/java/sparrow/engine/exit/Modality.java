package sparrow.engine.exit;

/** What a position's output token is expected to be. */
public enum Modality {
    TEXT,
    SPEECH
}
