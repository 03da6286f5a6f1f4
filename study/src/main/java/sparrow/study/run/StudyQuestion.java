package sparrow.study.run;

import java.util.List;
import java.util.stream.IntStream;
import sparrow.study.data.Item;

/**
 * One question of a study.
 *
 * @param place in its set, from 0
 */
public record StudyQuestion(QuestionSet set, int place) {
    /** All questions of some sets, set by set. */
    public static List<StudyQuestion> of(List<QuestionSet> sets) {
        return sets.stream()
                .flatMap(set -> IntStream.range(0, set.items().size()).mapToObj(place -> new StudyQuestion(set, place)))
                .toList();
    }

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
