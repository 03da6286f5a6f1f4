package sparrow.bench.load;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import sparrow.app.report.Machine;

/**
 * What talkers noticed of a server.
 *
 * @param command line that measured
 * @param machine of the talkers, which is not always that of the server
 * @param server its address
 * @param turnTaking who said that a question was over
 * @param history what became of what was said before
 * @param bargeIn share of answers that were to be interrupted
 * @param heldWithoutUnderrun the largest measured number of talkers of whom nobody heard a pause or was refused; 0 for none
 * @param rows one for each number of talkers
 * @param interrupted whether it was stopped before its end
 */
public record LoadReport(
        String command,
        Machine machine,
        String server,
        TurnTaking turnTaking,
        History history,
        double bargeIn,
        int heldWithoutUnderrun,
        List<Row> rows,
        boolean interrupted) {
    /**
     * So many talkers at once. Of a figure that nothing was measured for, there is null.
     *
     * @param talkers how many
     * @param seconds that it took
     * @param questions that were begun
     * @param replies that were heard, to the end or not
     * @param silentAnswers answers in which the model had nothing to say
     * @param failedTurns questions without an answer
     * @param failures the same by what was wrong
     * @param firstAudioMs from the end of the question to the first sound: of its recording where the client says so, of the speech in it
     *     where the server listens
     * @param firstAudioAfterVadMs the same from where the server noticed the end
     * @param realTimeFactor from a response's creation to its last sound, for a second of sound
     * @param audioSeconds sound that came
     * @param underruns how often playback ran dry
     * @param longestGapMs the longest of these silences
     * @param talkersWithoutUnderrun talkers who heard no pause
     * @param interruptions replies that were interrupted
     * @param bargeInMs from the interruption to the last sound that still came
     * @param truncationsSent items that were cut to what was heard
     * @param truncationsMade how many of these the server confirmed
     * @param errors events of type error, by code
     * @param broken talkers who could not go on to their end, and why
     */
    public record Row(
            int talkers,
            double seconds,
            int questions,
            int replies,
            int silentAnswers,
            int failedTurns,
            Map<String, Integer> failures,
            Percentiles firstAudioMs,
            Percentiles firstAudioAfterVadMs,
            Percentiles realTimeFactor,
            double audioSeconds,
            int underruns,
            double longestGapMs,
            int talkersWithoutUnderrun,
            int interruptions,
            Percentiles bargeInMs,
            int truncationsSent,
            int truncationsMade,
            Map<String, Integer> errors,
            List<String> broken) {
        boolean isHeld() {
            return talkersWithoutUnderrun == talkers && failedTurns == 0 && broken.isEmpty() && replies > 0;
        }
    }

    /** The report of some rows. */
    public static LoadReport of(String command, LoadSettings settings, List<Row> rows, boolean interrupted) {
        return new LoadReport(
                command,
                Machine.here(),
                settings.server().toString(),
                settings.turnTaking(),
                settings.history(),
                settings.bargeIn(),
                rows.stream().filter(Row::isHeld).mapToInt(Row::talkers).max().orElse(0),
                List.copyOf(rows),
                interrupted);
    }

    static Row row(int talkers, List<TalkerLog> logs, double seconds) {
        List<ReplyMeasure> replies =
                logs.stream().flatMap(log -> log.replies().stream()).toList();
        Map<String, Integer> failures = sum(logs, TalkerLog::failures);
        return new Row(
                talkers,
                seconds,
                logs.stream().mapToInt(TalkerLog::questions).sum(),
                replies.size(),
                logs.stream().mapToInt(TalkerLog::silentAnswers).sum(),
                failures.values().stream().mapToInt(Integer::intValue).sum(),
                failures,
                percentiles(replies, ReplyMeasure::firstAudioMs),
                percentiles(replies, ReplyMeasure::firstAudioAfterVadMs),
                percentiles(replies, ReplyMeasure::realTimeFactor),
                replies.stream().mapToDouble(ReplyMeasure::audioSeconds).sum(),
                replies.stream().mapToInt(ReplyMeasure::underruns).sum(),
                replies.stream().mapToDouble(ReplyMeasure::longestGapMs).max().orElse(0),
                (int) logs.stream().filter(LoadReport::heardNoPause).count(),
                (int) replies.stream().filter(ReplyMeasure::interrupted).count(),
                percentiles(replies, ReplyMeasure::bargeInMs),
                logs.stream().mapToInt(TalkerLog::truncationsSent).sum(),
                logs.stream().mapToInt(TalkerLog::truncationsMade).sum(),
                sum(logs, TalkerLog::errors),
                logs.stream().flatMap(log -> log.broken().stream()).toList());
    }

    private static Map<String, Integer> sum(List<TalkerLog> logs, Function<TalkerLog, Map<String, Integer>> counts) {
        Map<String, Integer> sum = new TreeMap<>();
        logs.forEach(log -> counts.apply(log).forEach((what, count) -> sum.merge(what, count, Integer::sum)));
        return sum;
    }

    private static boolean heardNoPause(TalkerLog log) {
        return log.replies().stream().allMatch(reply -> reply.underruns() == 0);
    }

    private static Percentiles percentiles(List<ReplyMeasure> replies, Function<ReplyMeasure, Double> figure) {
        return Percentiles.of(
                replies.stream().map(figure).filter(Objects::nonNull).toList());
    }
}
