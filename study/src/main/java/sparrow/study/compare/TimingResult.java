package sparrow.study.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sparrow.app.report.Quartiles;
import sparrow.study.compare.TimingPass.TimedReply;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.StudyQuestion;

/**
 * The times of a policy over the timed questions. Half of the questions are between the outer quartiles.
 *
 * @param replies replies of the policy, one per question
 * @param none replies of {@code none} to the same questions
 */
public record TimingResult(PolicyCase policy, List<TimedReply> replies, List<TimedReply> none) {
    /** Returns the result of each policy, or an empty list if no question was timed. */
    static List<TimingResult> of(CompareSetup setup, CompareFiles files, List<StudyQuestion> questions)
            throws IOException {
        List<TimingResult> results = new ArrayList<>();
        List<TimedReply> none = timed(setup.none(), files, questions);
        if (none.isEmpty()) return results;
        for (PolicyCase policy : setup.cases()) {
            results.add(new TimingResult(policy, timed(policy, files, questions), none));
        }
        return results;
    }

    private static List<TimedReply> timed(PolicyCase policy, CompareFiles files, List<StudyQuestion> questions)
            throws IOException {
        List<TimedReply> timed = new ArrayList<>();
        for (StudyQuestion question : questions) {
            Optional<TimedReply> reply = files.timed(policy, question);
            if (reply.isPresent()) timed.add(reply.get());
        }
        return timed;
    }

    /** Returns the quartiles of a time, or null if no reply has it. */
    Quartiles quartiles(ToDoubleFunction<TimedReply> time) {
        return quartiles(replies.stream().map(time::applyAsDouble));
    }

    /** Returns the quartiles of the ratio of a time to the time of {@code none}'s reply to the same question. */
    Quartiles ratios(ToDoubleFunction<TimedReply> time) {
        return quartiles(IntStream.range(0, replies.size())
                .mapToObj(i -> time.applyAsDouble(replies.get(i)) / time.applyAsDouble(none.get(i))));
    }

    private static Quartiles quartiles(Stream<Double> values) {
        List<Double> finite = values.filter(Double::isFinite).toList();
        return finite.isEmpty() ? null : Quartiles.of(finite);
    }
}
