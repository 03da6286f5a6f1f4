package sparrow.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The log of a talker. Other threads must not use it before the talker's thread has ended. */
public final class TalkerLog {
    private final List<ReplyMeasure> replies = new ArrayList<>();
    private final Map<String, Integer> errors = new TreeMap<>();
    private final Map<String, Integer> failures = new TreeMap<>();
    private int questions;
    private int silent;
    private int brokenOff;
    private int truncationsSent;
    private int truncationsMade;
    private String broken;

    public void countQuestion() {
        questions++;
    }

    public void reply(ReplyMeasure measure) {
        replies.add(measure);
    }

    void silent() {
        silent++;
    }

    /**
     * Counts a failed turn.
     *
     * @param why reason, one of a small set of strings
     */
    public void turnFailed(String why) {
        failures.merge(why, 1, Integer::sum);
    }

    /** Counts an answer that the server did not finish, although it was not interrupted. */
    public void brokeOff(String why) {
        brokenOff++;
        turnFailed(why);
    }

    void truncationSent() {
        truncationsSent++;
    }

    void truncationMade() {
        truncationsMade++;
    }

    void error(String code) {
        errors.merge(code, 1, Integer::sum);
    }

    void broke(String why) {
        if (broken == null) broken = why;
    }

    public List<ReplyMeasure> replies() {
        return replies;
    }

    Map<String, Integer> errors() {
        return errors;
    }

    int questions() {
        return questions;
    }

    /** Returns the number of questions without an answer, by reason. */
    public Map<String, Integer> failures() {
        return failures;
    }

    /** Returns the number of answers without audio. */
    public int silentAnswers() {
        return silent;
    }

    /** Returns the number of answers that the server did not finish. These answers are also counted as failures. */
    public int brokenOff() {
        return brokenOff;
    }

    int truncationsSent() {
        return truncationsSent;
    }

    int truncationsMade() {
        return truncationsMade;
    }

    /** Returns the reason for a premature end, or empty if there was none. */
    public Optional<String> broken() {
        return Optional.ofNullable(broken);
    }
}
