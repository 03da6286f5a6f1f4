package sparrow.bench.load;

import static sparrow.bench.harness.Figures.format;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import sparrow.app.report.Quartiles;
import sparrow.app.report.Table;
import sparrow.bench.harness.BenchReport;

/**
 * The measurements of a server with a number of concurrent talkers.
 *
 * @param talkers number of talkers
 * @param logs logs of the talkers that were connected
 * @param seconds duration of the measurement
 */
record LoadRow(int talkers, List<TalkerLog> logs, double seconds) {
    /**
     * The median, the 95th percentile and the maximum.
     *
     * @param p50 the median
     * @param p95 the 95th percentile
     * @param max the maximum
     * @param samples number of measurements
     */
    record Percentiles(double p50, double p95, double max, int samples) {
        /** Returns the percentiles of values in any order, or null if there are none. */
        static Percentiles of(List<Double> values) {
            if (values.isEmpty()) return null;
            return new Percentiles(
                    Quartiles.quantile(values, 0.5),
                    Quartiles.quantile(values, 0.95),
                    Quartiles.quantile(values, 1),
                    values.size());
        }
    }

    /** Returns the replies that were heard, completely or in part. */
    List<ReplyMeasure> replies() {
        return logs.stream().flatMap(log -> log.replies().stream()).toList();
    }

    private boolean isHeld() {
        return talkersWithoutUnderrun() == talkers
                && failedTurns() == 0
                && broken().isEmpty()
                && !replies().isEmpty();
    }

    private int talkersWithoutUnderrun() {
        return (int) logs.stream()
                .filter(log -> log.replies().stream().allMatch(reply -> reply.underruns() == 0))
                .count();
    }

    /** Returns the number of unanswered questions and incomplete answers. */
    private int failedTurns() {
        return sum(log ->
                log.failures().values().stream().mapToInt(Integer::intValue).sum());
    }

    private int underruns() {
        return replies().stream().mapToInt(ReplyMeasure::underruns).sum();
    }

    private double longestGapMs() {
        return replies().stream().mapToDouble(ReplyMeasure::longestGapMs).max().orElse(0);
    }

    private List<String> broken() {
        return logs.stream().flatMap(log -> log.broken().stream()).toList();
    }

    private int sum(ToIntFunction<TalkerLog> count) {
        return logs.stream().mapToInt(count).sum();
    }

    private Map<String, Integer> sums(Function<TalkerLog, Map<String, Integer>> counts) {
        Map<String, Integer> sums = new TreeMap<>();
        logs.forEach(log -> counts.apply(log).forEach((what, count) -> sums.merge(what, count, Integer::sum)));
        return sums;
    }

    /** Returns percentiles over the replies that have the measurement, or null if there are none. */
    private Percentiles percentiles(Function<ReplyMeasure, Double> figure) {
        return Percentiles.of(
                replies().stream().map(figure).filter(Objects::nonNull).toList());
    }

    /** Adds a column of percentiles. */
    private static Table<LoadRow> both(
            Table<LoadRow> table, String heading, String key, String format, Function<ReplyMeasure, Double> measure) {
        return table.column(key, heading, Table.Kind.WORDS, row -> row.percentiles(measure), row -> {
            Percentiles figure = row.percentiles(measure);
            return figure == null ? "-" : format(format + " / " + format, figure.p50(), figure.p95());
        });
    }

    private static Table<LoadRow> table(List<LoadRow> rows) {
        Table<LoadRow> table = new Table<>(rows)
                .number("talkers", "talkers", 0, LoadRow::talkers)
                .data("seconds", LoadRow::seconds)
                .data("questions", row -> row.sum(TalkerLog::questions))
                .number("replies", "replies", 0, row -> row.replies().size())
                .data("silent_answers", row -> row.sum(TalkerLog::silentAnswers))
                .number("failed_turns", "failed", 0, LoadRow::failedTurns)
                .data("failures", row -> row.sums(TalkerLog::failures));
        both(table, "first audio ms", "first_audio_ms", "%.0f", ReplyMeasure::firstAudioMs);
        both(table, "after VAD ms", "first_audio_after_vad_ms", "%.0f", ReplyMeasure::firstAudioAfterVadMs);
        both(table, "real-time", "real_time_factor", "%.2f", ReplyMeasure::realTimeFactor);
        table.data(
                        "audio_seconds",
                        row -> row.replies().stream()
                                .mapToDouble(ReplyMeasure::audioSeconds)
                                .sum())
                .number("underruns", "underruns", 0, LoadRow::underruns)
                .number("longest_gap_ms", "longest gap ms", 0, LoadRow::longestGapMs)
                .number("talkers_without_underrun", "without pause", 0, LoadRow::talkersWithoutUnderrun)
                .data(
                        "interruptions",
                        row -> row.replies().stream()
                                .filter(ReplyMeasure::interrupted)
                                .count());
        return both(table, "barge-in ms", "barge_in_ms", "%.1f", ReplyMeasure::bargeInMs)
                .data("truncations_sent", row -> row.sum(TalkerLog::truncationsSent))
                .data("truncations_made", row -> row.sum(TalkerLog::truncationsMade))
                .data("errors", row -> row.sums(TalkerLog::errors))
                .data("broken", LoadRow::broken);
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
                .table("rows", table(rows));
        for (LoadRow row : rows) row.troubles(report);
        report.line("").line("talkers held without a pause: " + (held == 0 ? "none" : held));
    }

    private void troubles(BenchReport report) {
        String with = "with " + talkers + ": ";
        int silent = sum(TalkerLog::silentAnswers);
        if (silent > 0) report.line(with + silent + " x answer without speech");
        sums(TalkerLog::failures).forEach((why, count) -> report.line(with + count + " x failed, " + why));
        sums(TalkerLog::errors).forEach((code, count) -> report.line(with + count + " x error " + code));
        for (String why : new LinkedHashSet<>(broken())) {
            report.line(with + Collections.frequency(broken(), why) + " ended prematurely: " + why);
        }
    }
}
