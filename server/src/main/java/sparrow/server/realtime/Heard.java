package sparrow.server.realtime;

import sparrow.models.Question;

/** What the model heard in a recording. */
sealed interface Heard {
    /** It is still listening. */
    record NotYet() implements Heard {}

    /**
     * It heard somebody.
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
