package sparrow.study.data;

/** The kind of questions in a set, which determines how replies are judged. */
public enum Task {
    /** Each question has reference answers, and a reply is right or wrong. */
    REFERENCE_ANSWERS,

    /**
     * There is no single correct answer, even if the file contains another model's reply. Replies are rated on a scale.
     */
    OPEN_ENDED
}
