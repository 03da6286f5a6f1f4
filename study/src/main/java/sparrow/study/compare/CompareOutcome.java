package sparrow.study.compare;

import java.util.List;
import java.util.SequencedMap;
import sparrow.study.report.Report;

/**
 * The results of a comparison.
 *
 * @param rows one result a row
 * @param timing one result a row; none if nothing was timed
 * @param unasked questions that could not be asked, and why
 * @param report all of it, as it was written
 */
public record CompareOutcome(
        List<PolicyResult> rows, List<TimingResult> timing, SequencedMap<String, String> unasked, Report report) {}
