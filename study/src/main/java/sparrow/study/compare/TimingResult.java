package sparrow.study.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import sparrow.app.report.Quartiles;
import sparrow.study.compare.TimingPass.TimedReply;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.StudyQuestion;

/**
 * The times of a policy over the timed questions. A ratio is the time of a reply divided by the time of {@code none}'s
 * reply to the same question. Half of the questions are between the outer quartiles.
 *
 * @param perSpeechSecond seconds of waiting per second of speech
 * @param perSpeechSecondRatio ratio to {@code none}
 * @param millisPerToken milliseconds per token after the first token, while speech is vocoded concurrently
 * @param millisPerTokenRatio ratio to {@code none}
 * @param firstAudio seconds from the question to the first samples
 */
public record TimingResult(
        PolicyCase policy,
        Quartiles perSpeechSecond,
        Quartiles perSpeechSecondRatio,
        Quartiles millisPerToken,
        Quartiles millisPerTokenRatio,
        Quartiles firstAudio) {

    /** Returns the result of each policy, or an empty list if no question was timed. */
    static List<TimingResult> of(CompareSetup setup, CompareFiles files, List<StudyQuestion> questions)
            throws IOException {
        List<TimingResult> results = new ArrayList<>();
        List<TimedReply> none = timed(setup.none(), files, questions);
        if (none.isEmpty()) return results;
        for (PolicyCase policy : setup.cases()) {
            List<TimedReply> timed = timed(policy, files, questions);
            results.add(new TimingResult(
                    policy,
                    quartiles(timed, TimedReply::perSpeechSecond),
                    ratios(timed, none, TimedReply::perSpeechSecond),
                    quartiles(timed, TimedReply::millisPerToken),
                    ratios(timed, none, TimedReply::millisPerToken),
                    quartiles(timed, reply -> reply.firstAudio() == null ? Double.NaN : reply.firstAudio())));
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

    private static Quartiles quartiles(List<TimedReply> replies, ToDoubleFunction<TimedReply> figure) {
        return quartiles(replies.stream().map(figure::applyAsDouble).toList());
    }

    private static Quartiles ratios(
            List<TimedReply> replies, List<TimedReply> none, ToDoubleFunction<TimedReply> figure) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < replies.size(); i++) {
            ratios.add(figure.applyAsDouble(replies.get(i)) / figure.applyAsDouble(none.get(i)));
        }
        return quartiles(ratios);
    }

    private static Quartiles quartiles(List<Double> values) {
        List<Double> finite = values.stream().filter(Double::isFinite).toList();
        return finite.isEmpty() ? null : Quartiles.of(finite);
    }
}
