package sparrow.study.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import sparrow.engine.reply.StopReason;
import sparrow.models.Question;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.study.run.Decoding;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.StudyQuestion;

/**
 * The third part of a comparison: some questions are answered once more, alone and in streamed speech, as a user would
 * hear it; every policy in turn for each of them, so that what slows the machine for a while slows all policies.
 */
final class TimingPass {
    private final CompareSetup setup;
    private final CompareFiles files;
    private final RunProgress progress;

    /**
     * The times of one reply that was decoded alone. Times are seconds since the question was asked.
     *
     * @param encoded the prompt was ready
     * @param firstToken the first token was decided
     * @param firstAudio the first samples could be played; null if there are none
     * @param decoded the last token was decided
     * @param done the last samples could be played
     * @param tokens decided
     * @param speechSeconds length of the speech
     */
    record TimedReply(
            double encoded,
            double firstToken,
            Double firstAudio,
            double decoded,
            double done,
            int tokens,
            double speechSeconds) {
        /** Milliseconds a token, from the first one on; NaN for a reply of one token. */
        double millisPerToken() {
            return tokens < 2 ? Double.NaN : 1e3 * (decoded - firstToken) / (tokens - 1);
        }

        /** Seconds of waiting for a second of speech; NaN for a reply without speech. */
        double perSpeechSecond() {
            return speechSeconds == 0 ? Double.NaN : done / speechSeconds;
        }
    }

    TimingPass(CompareSetup setup, CompareFiles files, RunProgress progress) {
        this.setup = setup;
        this.files = files;
        this.progress = progress;
    }

    /** The questions that are timed: the first ones that can be asked. */
    List<StudyQuestion> questions(Set<StudyQuestion> unasked) {
        return setup.questions().stream()
                .filter(asked -> !unasked.contains(asked))
                .limit(setup.timedItems())
                .toList();
    }

    /**
     * Times the questions that have no times yet.
     *
     * @throws RunStoppedException if the thread was interrupted; what was timed is kept
     */
    void run(List<StudyQuestion> questions) throws IOException {
        List<StudyQuestion> open = new ArrayList<>();
        for (StudyQuestion asked : questions) {
            if (!isTimed(asked)) open.add(asked);
        }
        progress.begin(
                "timing",
                (open.size() + (open.isEmpty() ? 0 : 1)) * setup.cases().size());
        if (!open.isEmpty()) warmUp(open.getFirst());
        for (StudyQuestion asked : open) {
            Question question = question(asked);
            // All rows, also those with times: the times of one question must come from one moment.
            for (PolicyCase policy : setup.cases()) files.keep(timed(policy, question), policy, asked);
        }
    }

    /** {@link CompareSetup} times questions that are alone. */
    private Question question(StudyQuestion asked) throws IOException {
        return setup.study().textToSpeech().questions(asked.item()).getFirst();
    }

    private boolean isTimed(StudyQuestion asked) throws IOException {
        for (PolicyCase policy : setup.cases()) {
            if (files.timed(policy, asked).isEmpty()) return false;
        }
        return true;
    }

    /** Answers once under every policy and discards the times: the first passes of a process are interpreted. */
    private void warmUp(StudyQuestion asked) throws IOException {
        Question question = question(asked);
        for (PolicyCase policy : setup.cases()) timed(policy, question);
    }

    private TimedReply timed(PolicyCase policy, Question question) throws IOException {
        progress.now(policy.toString());
        Decoding decoding = setup.study().decoding();
        Answer answer = new Conversation(setup.model(), policy.plan(), decoding.sampling(), decoding.limits())
                .ask(question, ReplyListener.NONE);
        if (answer.reply().stop() == StopReason.INTERRUPTED) throw new RunStoppedException();
        progress.done();
        Answer.Timing timing = answer.timing();
        boolean spoke = answer.speech().samples().length > 0;
        return new TimedReply(
                timing.encoded() / 1e9,
                timing.firstToken() / 1e9,
                spoke ? timing.firstAudio() / 1e9 : null,
                timing.decoded() / 1e9,
                timing.done() / 1e9,
                answer.reply().steps().size(),
                answer.speech().seconds());
    }
}
