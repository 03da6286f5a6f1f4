package sparrow.study.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Questions that are answered together.
 *
 * @param number from 0
 * @param questions all of them, those too of which nothing is wanted: who is answered beside whom never changes
 * @param wanted the questions whose reply is wanted, at least one, by case, at least one
 */
public record Batch<Q>(int number, List<Q> questions, SequencedMap<PolicyCase, List<Q>> wanted) {
    public Batch {
        questions = List.copyOf(questions);
        wanted = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(wanted));
    }

    /** How many replies to a question are wanted. */
    int wanted(Q question) {
        return (int)
                wanted.values().stream().filter(some -> some.contains(question)).count();
    }

    /** Whether all replies to all questions are wanted. */
    boolean isUntouched(List<PolicyCase> cases) {
        return wanted.keySet().containsAll(cases)
                && wanted.values().stream().allMatch(some -> some.size() == questions.size());
    }
}
