package sparrow.study.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import sparrow.app.report.Table;

/**
 * The numbers of questions, replies and scores of a study, and the questions that are missing.
 *
 * @param questions number of questions to ask
 * @param unasked questions that could not be asked, with one-line reasons
 * @param replies number of replies
 * @param allReplies number of replies if all questions had been answered
 * @param scores number of scores
 * @param failedScores number of scores that a scorer failed to compute
 */
public record StudyCounts(
        int questions,
        SequencedMap<String, String> unasked,
        int replies,
        int allReplies,
        int scores,
        int failedScores) {
    public StudyCounts {
        unasked = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(unasked));
    }

    /** Returns the counts of a study with two parts. */
    public StudyCounts plus(StudyCounts other) {
        SequencedMap<String, String> all = new LinkedHashMap<>(unasked);
        all.putAll(other.unasked);
        return new StudyCounts(
                questions + other.questions,
                all,
                replies + other.replies,
                allReplies + other.allReplies,
                scores + other.scores,
                failedScores + other.failedScores);
    }

    /** Returns these counts as a part of a study. The names of missing questions begin with the part's name. */
    public StudyCounts in(String part) {
        SequencedMap<String, String> named = new LinkedHashMap<>();
        unasked.forEach((question, reason) -> named.put(part + ": " + question, reason));
        return new StudyCounts(questions, named, replies, allReplies, scores, failedScores);
    }

    /** Returns whether each question has a reply and each requested score was computed. */
    public boolean isComplete() {
        return unasked.isEmpty() && replies == allReplies && failedScores == 0;
    }

    /** Adds the missing questions to a report, if there are any. */
    public Report addTo(Report report) {
        if (unasked.isEmpty()) return report;
        return report.heading("Questions that could not be asked")
                .table(
                        "unasked",
                        new Table<>(List.copyOf(unasked.entrySet()))
                                .words("question", "question", Map.Entry::getKey)
                                .words("reason", "reason", Map.Entry::getValue),
                        Report.Form.PAGE,
                        Report.Form.JSON);
    }

    /** Returns the counts as one line, without scores if none were requested. */
    @Override
    public String toString() {
        String asked = String.format(
                Locale.ROOT,
                "asked %,d of %,d questions; %,d of %,d replies",
                questions - unasked.size(),
                questions,
                replies,
                allReplies);
        int all = scores + failedScores;
        return all == 0 ? asked : asked + String.format(Locale.ROOT, "; %,d of %,d scores", scores, all);
    }
}
