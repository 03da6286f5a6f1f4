package sparrow.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The events of one talker. Of the talker's own thread until it is over. */
final class TalkerLog {
    private final List<ReplyMeasure> replies = new ArrayList<>();
    private final Map<String, Integer> errors = new TreeMap<>();
    private final Map<String, Integer> failures = new TreeMap<>();
    private int asked;
    private int silent;
    private int brokenOff;
    private int truncationsSent;
    private int truncationsMade;
    private String broken;

    void asked() {
        asked++;
    }

    void reply(ReplyMeasure measure) {
        replies.add(measure);
    }

    /** The model had nothing to say. */
    void silent() {
        silent++;
    }

    /** @param why in some words that repeat */
    void turnFailed(String why) {
        failures.merge(why, 1, Integer::sum);
    }

    /** An answer that the server began did not come to its end, though nobody interrupted it. */
    void brokeOff(String why) {
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

    List<ReplyMeasure> replies() {
        return replies;
    }

    /** Events of type error, by code. */
    Map<String, Integer> errors() {
        return errors;
    }

    /** Questions that were begun. */
    int questions() {
        return asked;
    }

    /** Questions without an answer, by what was wrong. */
    Map<String, Integer> failures() {
        return failures;
    }

    /** Answers without sound. */
    int silentAnswers() {
        return silent;
    }

    /** Answers that the server did not bring to their end; failures too. */
    int brokenOff() {
        return brokenOff;
    }

    int truncationsSent() {
        return truncationsSent;
    }

    int truncationsMade() {
        return truncationsMade;
    }

    /** The reason for an end before its time; empty if there was none. */
    Optional<String> broken() {
        return Optional.ofNullable(broken);
    }
}
