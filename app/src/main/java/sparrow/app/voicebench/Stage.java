package sparrow.app.voicebench;

import sparrow.speech.vocode.SynthesisStage;

/** What an answer is made of, one after the other. */
public enum Stage {
    /** The question becomes codes or vectors. */
    ENCODE,
    /** The prompt goes through the language model, up to the choice of the first token. */
    PREFILL,
    /** The other tokens of the reply. */
    DECODE,
    /** The flow hears the voice that it is to speak in: once, and not in every family. */
    VOICE,
    /** Codes become mel frames. */
    FLOW,
    /** Mel frames become samples. */
    VOCODER;

    static Stage of(SynthesisStage stage) {
        return switch (stage) {
            case VOICE -> VOICE;
            case FLOW -> FLOW;
            case VOCODER -> VOCODER;
        };
    }
}
