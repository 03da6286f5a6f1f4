package sparrow.study.compare;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Future;
import sparrow.study.judge.Judge;
import sparrow.study.judge.Verdict;
import sparrow.study.run.KeptReply;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.StudyQuestion;

/**
 * The last part of a comparison: judges read what was written and what was heard. It is done here, where the keys of
 * services are. What fails is noted and counted, and tried again by the next run. Rows that give the same words to a
 * question get the same points.
 */
final class Judging {
    private final CompareSetup setup;
    private final Scorers scorers;
    private final CompareFiles files;
    private final RunProgress progress;

    Judging(CompareSetup setup, Scorers scorers, CompareFiles files, RunProgress progress) {
        this.setup = setup;
        this.scorers = scorers;
        this.files = files;
        this.progress = progress;
    }

    /**
     * Judges what is not judged yet, question by question on several threads.
     *
     * @throws RunStoppedException if the thread was interrupted; what was judged is kept
     */
    void run() throws IOException {
        progress.begin("judging", setup.questions().size());
        try (ScoringThreads threads = new ScoringThreads(scorers.threads())) {
            List<Future<?>> questions = new ArrayList<>();
            for (StudyQuestion asked : setup.questions()) {
                questions.add(threads.begin(() -> {
                    assess(asked);
                    return null;
                }));
            }
            for (Future<?> question : questions) ScoringThreads.await(question);
        }
    }

    private void assess(StudyQuestion asked) throws IOException, InterruptedException {
        Map<String, Double> pointsByWords = new HashMap<>();
        for (PolicyCase policy : setup.cases()) {
            Optional<KeptReply> reply = files.reply(policy, asked);
            if (reply.isEmpty()) continue;
            Optional<Assessment> before = files.assessment(policy, asked);
            Assessment after =
                    new Assessor(asked, reply.get(), pointsByWords).complete(before.orElse(Assessment.none()));
            if (!before.equals(Optional.of(after))) files.keep(after, policy, asked);
            if (Thread.interrupted()) throw new InterruptedException();
        }
        progress.done();
    }

    /** Judges one reply. */
    private final class Assessor {
        private final StudyQuestion asked;
        private final KeptReply reply;

        /** What was found about the replies of other rows to the same question. */
        private final Map<String, Double> pointsByWords;

        private final SortedMap<String, String> failures = new TreeMap<>();

        Assessor(StudyQuestion asked, KeptReply reply, Map<String, Double> pointsByWords) {
            this.asked = asked;
            this.reply = reply;
            this.pointsByWords = pointsByWords;
        }

        /** Adds to an assessment what it lacks. */
        Assessment complete(Assessment before) throws InterruptedIOException {
            failures.putAll(before.failuresOfListeners());
            String heard = before.heard();
            // Nothing was said, and nothing is heard.
            if (heard == null && reply.speech() == null && scorers.plan().hears(asked)) heard = "";
            Double text = before.textPoints() != null ? before.textPoints() : judge(reply.text(), Assessment.TEXT);
            Double spoken = before.heardPoints();
            if (spoken == null && heard != null) spoken = judge(heard, Assessment.HEARD);
            if (text != null) pointsByWords.put(reply.text(), text);
            if (spoken != null) pointsByWords.put(heard, spoken);
            return new Assessment(heard, before.mos(), text, spoken, failures);
        }

        private Double judge(String words, String failure) throws InterruptedIOException {
            Optional<Judge> judge = scorers.judge(asked.set().task());
            if (judge.isEmpty()) return null;
            if (pointsByWords.containsKey(words)) return pointsByWords.get(words);
            return switch (judge.get().judge(asked.item(), words)) {
                case Verdict.Graded(double points) -> points;
                case Verdict.Ungraded(String reason) -> {
                    failures.put(failure, reason);
                    yield null;
                }
            };
        }
    }
}
