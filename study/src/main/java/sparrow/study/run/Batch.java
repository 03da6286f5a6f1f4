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
 * @param number number of the batch, from 0
 * @param questions all questions that can be asked, including those without a required reply, so that a question always
 *     shares its batch with the same other questions
 * @param wanted the required replies of one or more cases
 */
public record Batch(int number, List<Entry> questions, List<Wanted> wanted) {
    public Batch {
        questions = List.copyOf(questions);
        wanted = List.copyOf(wanted);
    }

    /**
     * A question in its batch.
     *
     * @param member index in the batch, from 0
     * @param instructions system text of its conversation
     * @param turns one or more questions of the conversation as inputs of the model; the last turn is the question
     * @param stream random number stream of the replies, or null to derive it from the prompt, independently of the
     *     batch
     */
    public record Entry(int member, Optional<String> instructions, List<Question> turns, Long stream) {
        public Entry {
            turns = List.copyOf(turns);
        }

        /** Creates a question without earlier turns. */
        public Entry(int member, Question question, Long stream) {
            this(member, Optional.empty(), List.of(question), stream);
        }
    }

    /**
     * The required replies of a case.
     *
     * @param members indices of the questions, one or more
     */
    public record Wanted(PolicyCase by, SortedSet<Integer> members) {
        public Wanted {
            members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
        }
    }

    int repliesTo(int member) {
        return (int)
                wanted.stream().filter(some -> some.members().contains(member)).count();
    }

    /** Returns a description for messages. */
    @Override
    public String toString() {
        return "batch " + number;
    }
}
