package sparrow.study.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import sparrow.study.data.Task;
import sparrow.study.judge.Judge;
import sparrow.study.judge.Verdict;
import sparrow.study.run.KeptReply;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.StudyQuestion;
import sparrow.study.scoring.Scorers;
import sparrow.study.scoring.ScoringThreads;

/**
 * The last part of a comparison: judges rate texts and transcripts of the replies. Judging runs in this process, which
 * has the service keys. Equal replies to a question are judged once. Failures are stored and counted, and the next run
 * retries them after the other questions. A judge that fails at its first reply stops the run.
 */
record Judging(CompareSetup setup, Scorers scorers, CompareFiles files, RunProgress progress) {
    /**
     * The judgments of all replies to a question. Each distinct text or transcript is judged once.
     *
     * @param points points from 0 to 100, by the judged text
     * @param failures one-line failure messages, by text; the next run judges these texts again
     */
    record Judgments(SortedMap<String, Double> points, SortedMap<String, String> failures) {
        static final Judgments NONE = new Judgments(new TreeMap<>(), new TreeMap<>());

        Judgments {
            points = new TreeMap<>(points);
            failures = new TreeMap<>(failures);
        }

        Judgments with(String words, Verdict verdict) {
            Judgments all = new Judgments(points, failures);
            all.failures.remove(words);
            switch (verdict) {
                case Verdict.Graded(double graded) -> all.points.put(words, graded);
                case Verdict.Ungraded(String reason) -> all.failures.put(words, reason);
            }
            return all;
        }

        Optional<String> failure(String words) {
            return Optional.ofNullable(failures.get(words));
        }
    }

    /**
     * Judges replies without a judgment, question by question on several threads.
     *
     * @throws RunStoppedException if the thread is interrupted; earlier judgments are stored
     * @throws IOException if a judge fails before it has judged a reply; the message is one line
     */
    void run() throws IOException {
        progress.begin("judging", setup.questions().size());
        try (ScoringThreads threads = new ScoringThreads(scorers.threads())) {
            List<Future<?>> questions = new ArrayList<>();
            Set<Task> working = ConcurrentHashMap.newKeySet();
            for (StudyQuestion question : retriedLast(working)) {
                questions.add(threads.begin(() -> {
                    judge(question, working);
                    progress.done();
                    return null;
                }));
            }
            for (Future<?> question : questions) ScoringThreads.await(question);
        }
    }

    /** Returns the questions, and adds the tasks of questions with points to a set. */
    private List<StudyQuestion> retriedLast(Set<Task> working) throws IOException {
        List<StudyQuestion> questions = new ArrayList<>();
        List<StudyQuestion> retried = new ArrayList<>();
        for (StudyQuestion question : setup.questions()) {
            Judgments judgments = files.judgments(question);
            if (!judgments.points().isEmpty()) working.add(question.set().task());
            (judgments.failures().isEmpty() ? questions : retried).add(question);
        }
        questions.addAll(retried);
        return questions;
    }

    /** @param working tasks whose judge has judged a reply */
    private void judge(StudyQuestion question, Set<Task> working) throws IOException, InterruptedException {
        Optional<Judge> judge = scorers.judge(question.set().task());
        if (judge.isEmpty()) return;
        Judgments judgments = files.judgments(question);
        for (String words : words(question)) {
            if (judgments.points().containsKey(words)) continue;
            Verdict verdict = judge.get().judge(question.item(), words);
            judgments = judgments.with(words, verdict);
            files.keep(judgments, question);
            switch (verdict) {
                case Verdict.Graded _ -> working.add(question.set().task());
                case Verdict.Ungraded(String reason) -> {
                    if (!working.contains(question.set().task())) {
                        throw new IOException("--judge: the first reply could not be judged: " + reason);
                    }
                }
            }
            if (Thread.interrupted()) throw new InterruptedException();
        }
    }

    /** Returns the texts and transcripts of all replies to a question. */
    private SequencedSet<String> words(StudyQuestion question) throws IOException {
        SequencedSet<String> words = new LinkedHashSet<>();
        for (PolicyCase policy : setup.cases()) {
            Optional<KeptReply> reply = files.reply(policy, question);
            if (reply.isEmpty()) continue;
            words.add(reply.get().text());
            String transcript = files.scores(question, reply.get()).transcript();
            if (transcript != null) words.add(transcript);
        }
        return words;
    }
}
