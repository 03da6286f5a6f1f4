package sparrow.speech.vocode;

/** What a synthesizer does one after the other. */
public enum SynthesisStage {
    /** The flow hears the voice that it is to speak in; once, and not in every family. */
    VOICE,
    /** Codes become mel frames. */
    FLOW,
    /** Mel frames become samples. */
    VOCODER
}
