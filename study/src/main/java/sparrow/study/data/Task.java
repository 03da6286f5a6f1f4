package sparrow.study.data;

/** The kind of a set's questions, by which replies are judged. */
public enum Task {
    /** Each question has reference answers; a reply is right or wrong. */
    REFERENCE_ANSWERS,

    /** There is no one right answer, whatever the file gives as a reply of another model; a reply is more or less good. */
    OPEN_ENDED
}
