package sparrow.study.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedSet;

/**
 * Questions that are answered together.
 *
 * @param number from 0
 * @param questions all that can be asked, those too of which nothing is wanted: who is answered beside whom never
 *     changes
 * @param wanted the members whose reply is wanted, at least one, by case, at least one
 */
public record Batch(int number, List<Asked> questions, SequencedMap<PolicyCase, SortedSet<Integer>> wanted) {
    public Batch {
        questions = List.copyOf(questions);
        wanted = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(wanted));
    }

    /** For messages. */
    @Override
    public String toString() {
        return "batch " + number;
    }
}
