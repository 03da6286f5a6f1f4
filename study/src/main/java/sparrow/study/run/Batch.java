package sparrow.study.run;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.models.Question;

/**
 * Questions that are answered together.
 *
 * @param number from 0
 * @param questions all that can be asked, also those of which no reply is wanted: the questions beside each other are always
 *     the same
 * @param wanted the replies that are wanted, in one case or more
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
     * @param instructions the system text of its conversation
     * @param turns the questions of the conversation as the model gets them, one or more; the last one is the question
     * @param stream of random numbers that the replies draw from; null for one that follows from the prompt, the same in
     *     every batch
     */
    public record Entry(int member, Optional<String> instructions, List<Question> turns, Long stream) {
        public Entry {
            turns = List.copyOf(turns);
        }

        /** A question without a conversation before it. */
        public Entry(int member, Question question, Long stream) {
            this(member, Optional.empty(), List.of(question), stream);
        }
    }

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

    /** The number of wanted replies to a question. */
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
