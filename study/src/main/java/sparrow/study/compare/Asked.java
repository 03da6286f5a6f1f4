package sparrow.study.compare;

import sparrow.study.data.Item;

/**
 * One question of a run.
 *
 * @param place in its set, from 0
 */
record Asked(QuestionSet set, int place) {
    Item item() {
        return set.items().get(place);
    }

    /** For messages. */
    @Override
    public String toString() {
        return set.name() + " " + item().id();
    }
}
