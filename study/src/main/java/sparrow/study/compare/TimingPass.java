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
 * The third part of a comparison: the first questions are answered again, one at a time with streamed speech, as for a
 * user. All policies answer a question before the next question is asked, so that a temporary slowdown of the machine
 * affects all policies.
 */
record TimingPass(CompareSetup setup, CompareFiles files, RunProgress progress) {
    /**
     * The times of a reply that was decoded without other replies, in seconds since the question was asked.
     *
     * @param encoded time when the prompt was ready
     * @param firstToken time when the first token was decided
     * @param firstAudio time when the first samples were available, or null if there are none
     * @param decoded time when the last token was decided
     * @param done time when the last samples were available
     * @param tokens number of decided tokens
     * @param speechSeconds duration of the speech
     */
    record TimedReply(
            double encoded,
            double firstToken,
            Double firstAudio,
            double decoded,
            double done,
            int tokens,
            double speechSeconds) {
        /** Returns milliseconds per token after the first token, or NaN for a reply of one token. */
        double millisPerToken() {
            return tokens < 2 ? Double.NaN : 1e3 * (decoded - firstToken) / (tokens - 1);
        }

        /** Returns the time of the first samples, or NaN for a reply without speech. */
        double firstAudioOrNaN() {
            return firstAudio == null ? Double.NaN : firstAudio;
        }

        /** Returns seconds of waiting per second of speech, or NaN for a reply without speech. */
        double perSpeechSecond() {
            return speechSeconds == 0 ? Double.NaN : done / speechSeconds;
        }
    }

    /** Returns the questions to time, which are the first questions that can be asked. */
    List<StudyQuestion> questions(Set<StudyQuestion> unasked) {
        return setup.questions().stream()
                .filter(item -> !unasked.contains(item))
                .limit(setup.timedItems())
                .toList();
    }

    /**
     * Measures the questions that have no times yet.
     *
     * @throws RunStoppedException if the thread is interrupted; earlier times are stored
     */
    void run(List<StudyQuestion> questions) throws IOException {
        List<StudyQuestion> open = new ArrayList<>();
        for (StudyQuestion item : questions) {
            if (!isTimed(item)) open.add(item);
        }
        progress.begin(
                "timing",
                (open.size() + (open.isEmpty() ? 0 : 1)) * setup.cases().size());
        if (!open.isEmpty()) warmUp(open.getFirst());
        for (StudyQuestion item : open) {
            Question question = question(item);
            // Measure all policies again, because the times of a question must be measured together.
            for (PolicyCase policy : setup.cases()) files.keep(timed(policy, question), policy, item);
        }
    }

    /** Returns the question. {@link CompareSetup} times only questions without a conversation. */
    private Question question(StudyQuestion item) throws IOException {
        return setup.study().textToSpeech().questions(item.item()).getFirst();
    }

    private boolean isTimed(StudyQuestion item) throws IOException {
        for (PolicyCase policy : setup.cases()) {
            if (files.timed(policy, item).isEmpty()) return false;
        }
        return true;
    }

    /** Answers once with each policy and discards the times, because the first passes of a process are interpreted. */
    private void warmUp(StudyQuestion item) throws IOException {
        Question question = question(item);
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
