package sparrow.models;

import sparrow.speech.wave.Waveform;

/** One turn of the user. */
public sealed interface Question {
    /** A spoken question, at any rate. */
    record Spoken(Waveform waveform) implements Question {}

    /** A typed question: the model's text mode. */
    record Typed(String text) implements Question {
        public Typed {
            if (text.isBlank()) throw new IllegalArgumentException("question: expected some text");
        }
    }
}
