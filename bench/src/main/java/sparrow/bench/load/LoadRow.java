package sparrow.bench.load;

import static sparrow.bench.harness.Figures.format;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import sparrow.bench.harness.BenchReport;
import sparrow.bench.harness.BenchTable;

/**
 * The measurements of a server with a number of concurrent talkers. Missing measurements are null.
 *
 * @param talkers number of talkers
 * @param seconds duration of the measurement
 * @param questions number of questions started
 * @param replies number of replies heard, completely or in part
 * @param silentAnswers number of answers without speech
 * @param failedTurns number of unanswered questions and incomplete answers
 * @param failures number of failed turns by reason
 * @param firstAudioMs time from the end of the question to the first audio; the question ends with its recording if the
 *     client ends it, or with the speech in the recording if the server detects the end
 * @param firstAudioAfterVadMs time from the server's detection of the end to the first audio
 * @param realTimeFactor time from a response's creation to its last audio, divided by the length of its audio
 * @param audioSeconds length of the received audio
 * @param underruns number of times that playback ran dry
 * @param longestGapMs longest silence due to an underrun
 * @param talkersWithoutUnderrun number of talkers without an underrun
 * @param interruptions number of interrupted replies
 * @param bargeInMs time from an interruption to the last received audio
 * @param truncationsSent number of items truncated to the played part
 * @param truncationsMade number of truncations confirmed by the server
 * @param errors number of error events by code
 * @param broken reasons of talkers that ended prematurely
 */
record LoadRow(
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
    private static final DoubleFunction<String> COUNT = n -> format("%.0f", n);

    boolean isHeld() {
        return talkersWithoutUnderrun == talkers && failedTurns == 0 && broken.isEmpty() && replies > 0;
    }

    static LoadRow of(int talkers, List<TalkerLog> logs, double seconds) {
        List<ReplyMeasure> replies =
                logs.stream().flatMap(log -> log.replies().stream()).toList();
        Map<String, Integer> failures = sum(logs, TalkerLog::failures);
        return new LoadRow(
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
                (int) logs.stream().filter(LoadRow::heardNoPause).count(),
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

    /** Adds a column of percentiles. Cells of missing measurements are empty. */
    private static BenchTable<LoadRow> both(
            BenchTable<LoadRow> table, String heading, String key, String format, Function<LoadRow, Percentiles> of) {
        return table.column(heading, true, key, of, row -> {
            Percentiles figure = of.apply(row);
            return figure == null ? "-" : format(format + " / " + format, figure.p50(), figure.p95());
        });
    }

    private static BenchTable<LoadRow> table() {
        BenchTable<LoadRow> table = new BenchTable<LoadRow>()
                .number("talkers", "talkers", LoadRow::talkers, COUNT)
                .hidden("seconds", LoadRow::seconds)
                .hidden("questions", LoadRow::questions)
                .number("replies", "replies", LoadRow::replies, COUNT)
                .hidden("silent_answers", LoadRow::silentAnswers)
                .number("failed", "failed_turns", LoadRow::failedTurns, COUNT)
                .hidden("failures", LoadRow::failures);
        both(table, "first audio ms", "first_audio_ms", "%.0f", LoadRow::firstAudioMs);
        both(table, "after VAD ms", "first_audio_after_vad_ms", "%.0f", LoadRow::firstAudioAfterVadMs);
        both(table, "real-time", "real_time_factor", "%.2f", LoadRow::realTimeFactor);
        table.hidden("audio_seconds", LoadRow::audioSeconds)
                .number("underruns", "underruns", LoadRow::underruns, COUNT)
                .number("longest gap ms", "longest_gap_ms", LoadRow::longestGapMs, COUNT)
                .number("without pause", "talkers_without_underrun", LoadRow::talkersWithoutUnderrun, COUNT)
                .hidden("interruptions", LoadRow::interruptions);
        return both(table, "barge-in ms", "barge_in_ms", "%.1f", LoadRow::bargeInMs)
                .hidden("truncations_sent", LoadRow::truncationsSent)
                .hidden("truncations_made", LoadRow::truncationsMade)
                .hidden("errors", LoadRow::errors)
                .hidden("broken", LoadRow::broken);
    }

    /** Adds the server, all rows and all failures to a report. */
    static void report(LoadSettings settings, List<LoadRow> rows, BenchReport report) {
        int held = rows.stream()
                .filter(LoadRow::isHeld)
                .mapToInt(LoadRow::talkers)
                .max()
                .orElse(0);
        boolean manual = settings.turnTaking() == TurnTaking.MANUAL;
        boolean kept = settings.history() == History.KEPT;
        report.value("server", settings.server().toString())
                .value("turn_taking", settings.turnTaking())
                .value("history", settings.history())
                .value("barge_in", settings.bargeIn())
                .value("held_without_underrun", held)
                .line("server", settings.server().toString())
                .line(
                        "turns",
                        (manual ? "by the client" : "by the server's voice activity detection")
                                + (kept ? ", in one conversation" : ", each a new conversation") + "; "
                                + Math.round(100 * settings.bargeIn()) + "% of the answers interrupted")
                .line("figures", "p50 / p95 over all replies")
                .table("rows", table(), rows);
        for (LoadRow row : rows) row.troubles(report);
        report.line("").line("talkers held without a pause: " + (held == 0 ? "none" : held));
    }

    private void troubles(BenchReport report) {
        String with = "with " + talkers + ": ";
        if (silentAnswers > 0) report.line(with + silentAnswers + " x answer without speech");
        failures.forEach((why, count) -> report.line(with + count + " x failed, " + why));
        errors.forEach((code, count) -> report.line(with + count + " x error " + code));
        for (String why : new LinkedHashSet<>(broken)) {
            report.line(with + Collections.frequency(broken, why) + " ended prematurely: " + why);
        }
    }
}
