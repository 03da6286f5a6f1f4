package sparrow.models;

import sparrow.engine.decode.Step;

/** Hears an answer while it comes into being. What takes long belongs on another thread. */
public interface AnswerListener {
    /** Ignores everything. */
    AnswerListener NONE = new AnswerListener() {};

    /** The prompt is ready, and prefill begins. */
    default void prompt(Prompt prompt) {}

    /** A token was decided. Called on the deciding thread. */
    default void step(Step step) {}

    /** Text was completed; never half a character. Called on the deciding thread. */
    default void text(String piece) {}

    /** Samples are final. Called on the vocoding thread. */
    default void speech(float[] samples) {}
}
