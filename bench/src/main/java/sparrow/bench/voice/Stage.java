package sparrow.bench.voice;

import java.util.Locale;
import sparrow.speech.vocode.Synthesizer;

/** The stages of an answer, in their order. */
enum Stage {
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

    /** Its name in reports. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Tells if its time is held against the length of the question; else against that of the speech. */
    boolean isOfTheQuestion() {
        return this == ENCODE || this == PREFILL;
    }

    /** The kind of sound of which a second costs its seconds. */
    String per() {
        if (this == VOICE) return "once";
        return isOfTheQuestion() ? "question" : "speech";
    }

    static Stage of(Synthesizer.Stage stage) {
        return switch (stage) {
            case VOICE -> VOICE;
            case FLOW -> FLOW;
            case VOCODER -> VOCODER;
        };
    }
}
