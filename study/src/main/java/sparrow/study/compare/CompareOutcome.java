package sparrow.study.compare;

import java.util.List;
import java.util.SequencedMap;

/**
 * What a comparison found.
 *
 * @param rows one result a row
 * @param timing one result a row; none if nothing was timed
 * @param timedQuestions that every row answered to be timed
 * @param unasked questions that could not be asked, and why
 */
public record CompareOutcome(
        List<PolicyResult> rows, List<TimingResult> timing, int timedQuestions, SequencedMap<String, String> unasked) {
    /** The table for a terminal. */
    public String text() {
        String text = ResultTables.overview(rows).text();
        return timing.isEmpty() ? text : text + "\n" + TimingTable.of(timing).text();
    }
}
