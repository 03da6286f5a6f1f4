package sparrow.server.realtime;

import sparrow.models.Question;

/** The outcome of the model's listening to a recording. */
sealed interface Heard {
    /** It is still listening. */
    record NotYet() implements Heard {}

    /**
     * It heard speech.
     *
     * @param question as it stands in prompts
     * @param nanos that listening took
     */
    record Something(Question question, long nanos) implements Heard {}

    /**
     * It cannot make anything of it.
     *
     * @param why in one line
     */
    record Nothing(String why) implements Heard {}
}
