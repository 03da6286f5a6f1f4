package sparrow.study.run;

/**
 * One set of questions, as the settings of a run keep it.
 *
 * @param sha256 of its questions and answers
 */
public record SetSettings(String name, int items, String sha256) {
    /** The settings of a set. */
    public static SetSettings of(QuestionSet set) {
        return new SetSettings(set.name(), set.items().size(), set.digest());
    }
}
