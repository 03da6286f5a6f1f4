package sparrow.study.run;

import sparrow.study.data.Item;

/**
 * One question of a study.
 *
 * @param place in its set, from 0
 */
public record StudyQuestion(QuestionSet set, int place) {
    /** What the data set says of it. */
    public Item item() {
        return set.items().get(place);
    }

    /** For messages. */
    @Override
    public String toString() {
        return set.name() + " " + item().id();
    }
}
