package sparrow.bench.voice;

import java.util.Locale;
import sparrow.speech.vocode.Synthesizer;

/** The stages of an answer, in order. */
enum Stage {
    /** Encodes the question as codes or vectors. */
    ENCODE,
    /** Processes the prompt with the language model, and chooses the first token. */
    PREFILL,
    /** Decodes the other tokens of the reply. */
    DECODE,
    /** Encodes the voice of the utterance for the flow, once per utterance, in some model families only. */
    VOICE,
    /** Converts codes to mel frames. */
    FLOW,
    /** Converts mel frames to samples. */
    VOCODER;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether the time is reported per second of the question, and not per second of speech. */
    boolean isOfTheQuestion() {
        return this == ENCODE || this == PREFILL;
    }

    /** Returns the unit of the reported time: per question, per speech, or once. */
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
