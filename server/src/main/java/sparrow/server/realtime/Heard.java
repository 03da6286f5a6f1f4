package sparrow.server.realtime;

import sparrow.models.Question;

/** What the model heard in a recording. */
sealed interface Heard {
    /** It is still listening. */
    record NotYet() implements Heard {}

    /** It heard somebody. */
    record Something(Question question) implements Heard {}

    /**
     * It cannot make anything of it.
     *
     * @param why in one line
     */
    record Nothing(String why) implements Heard {}
}
