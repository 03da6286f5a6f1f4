package sparrow.study.run;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.models.Question;

/**
 * Questions that are answered together.
 *
 * @param number from 0
 * @param questions all that can be asked, those too of which no reply is wanted: which questions stand beside each other
 *     never changes
 * @param wanted whose replies are wanted, in one case or more
 */
public record Batch(int number, List<Entry> questions, List<Wanted> wanted) {
    public Batch {
        questions = List.copyOf(questions);
        wanted = List.copyOf(wanted);
    }

    /**
     * A question in its batch.
     *
     * @param member its place, from 0
     * @param question what is said to the model
     * @param stream which random numbers the replies draw; null for numbers that follow from the prompt, the same in every
     *     batch
     */
    public record Entry(int member, Question question, Long stream) {}

    /**
     * The replies that are wanted in one case.
     *
     * @param members places of their questions, one or more
     */
    public record Wanted(PolicyCase by, SortedSet<Integer> members) {
        public Wanted {
            members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
        }
    }

    /** How many replies to a question are wanted. */
    int repliesTo(int member) {
        return (int)
                wanted.stream().filter(some -> some.members().contains(member)).count();
    }

    /** For messages. */
    @Override
    public String toString() {
        return "batch " + number;
    }
}
