package sparrow.models;

import sparrow.speech.wave.Waveform;

/** One turn of the user. */
public sealed interface Question {
    /** A spoken question, at any rate. */
    record Spoken(Waveform waveform) implements Question {}

    /**
     * A spoken question that is encoded already, for models that hear codes.
     *
     * @param codes of the speech tokenizer, one or more
     */
    record Codes(int[] codes) implements Question {
        public Codes {
            if (codes.length == 0) throw new IllegalArgumentException("question: expected one speech code or more");
            for (int code : codes) {
                if (code < 0) throw new IllegalArgumentException("speech code: expected 0 or more, got " + code);
            }
        }
    }

    /** A typed question: the model's text mode. */
    record Typed(String text) implements Question {
        public Typed {
            if (text.isBlank()) throw new IllegalArgumentException("question: expected some text");
        }
    }
}
