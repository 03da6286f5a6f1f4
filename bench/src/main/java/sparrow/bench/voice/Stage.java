package sparrow.bench.voice;

import sparrow.speech.vocode.Synthesizer;

/** The stages of an answer, in their order. */
public enum Stage {
    /** The question becomes codes or vectors. */
    ENCODE,
    /** The prompt goes through the language model, up to the choice of the first token. */
    PREFILL,
    /** The other tokens of the reply. */
    DECODE,
    /** The flow encodes the voice of the utterance; once, and not in every family. */
    VOICE,
    /** Codes become mel frames. */
    FLOW,
    /** Mel frames become samples. */
    VOCODER;

    static Stage of(Synthesizer.Stage stage) {
        return switch (stage) {
            case VOICE -> VOICE;
            case FLOW -> FLOW;
            case VOCODER -> VOCODER;
        };
    }
}
