package sparrow.bench.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sparrow.app.report.Quartiles;
import sparrow.bench.load.ReplyMeasure;
import sparrow.bench.load.TalkerLog;

/**
 * A row of a soak test: the state of the server, and the answers that talkers heard since the previous row. Missing
 * values are null.
 *
 * @param seconds time since the start
 * @param residentMb resident memory in 10⁶ bytes
 * @param heapMb heap after a full collection in 2²⁰ bytes
 * @param handles number of open files and sockets
 * @param threads number of threads in the process
 * @param sessions number of open sessions according to the server's metrics
 * @param healthMs response time of {@code /healthz}
 * @param heard answers since the previous row
 * @param faults faults that ended since the previous row
 */
record SoakRow(
        double seconds,
        Double residentMb,
        Double heapMb,
        Double handles,
        Double threads,
        Double sessions,
        Double healthMs,
        Heard heard,
        List<String> faults) {
    static final String HEADER = "seconds,resident_mb,heap_mb,handles,threads,sessions,health_ms,first_audio_p50_ms,"
            + "first_audio_p95_ms,first_audio_p99_ms,answers,broken_off,unanswered,underruns,whole_percent,faults";

    /**
     * The answers that talkers heard.
     *
     * @param firstAudioMs time to first audio of each answer, from the end of the question as received by the server:
     *     the commit, or {@code speech_stopped}
     * @param answers number of answers that were played to their end or interrupted by the talker
     * @param brokenOff number of answers that the server did not finish
     * @param unanswered number of questions without any answer
     * @param underruns number of pauses within answers
     */
    record Heard(List<Double> firstAudioMs, int answers, int brokenOff, int unanswered, int underruns) {
        static final Heard NOTHING = new Heard(List.of(), 0, 0, 0, 0);

        /** Returns the answers on one connection of a talker. */
        static Heard of(TalkerLog log) {
            List<Double> firstAudio = log.replies().stream()
                    .map(reply ->
                            reply.firstAudioAfterVadMs() != null ? reply.firstAudioAfterVadMs() : reply.firstAudioMs())
                    .filter(Objects::nonNull)
                    .toList();
            int failures =
                    log.failures().values().stream().mapToInt(Integer::intValue).sum();
            return new Heard(
                    firstAudio,
                    log.replies().size() + log.silentAnswers(),
                    log.brokenOff(),
                    failures - log.brokenOff(),
                    log.replies().stream().mapToInt(ReplyMeasure::underruns).sum());
        }

        Heard plus(Heard other) {
            List<Double> both = new ArrayList<>(firstAudioMs);
            both.addAll(other.firstAudioMs);
            return new Heard(
                    both,
                    answers + other.answers,
                    brokenOff + other.brokenOff,
                    unanswered + other.unanswered,
                    underruns + other.underruns);
        }

        /** Returns a quantile of the time to first audio, or null if there are no answers. */
        Double firstAudioMs(double share) {
            return firstAudioMs.isEmpty() ? null : Quartiles.quantile(firstAudioMs, share);
        }

        /** Returns the percentage of started answers that were completed, or null if no answer was started. */
        Double wholePercent() {
            int begun = answers + brokenOff;
            return begun == 0 ? null : 100.0 * answers / begun;
        }
    }

    String csv() {
        return Stream.of(
                        seconds,
                        residentMb,
                        heapMb,
                        handles,
                        threads,
                        sessions,
                        healthMs,
                        heard.firstAudioMs(0.5),
                        heard.firstAudioMs(0.95),
                        heard.firstAudioMs(0.99),
                        (double) heard.answers,
                        (double) heard.brokenOff,
                        (double) heard.unanswered,
                        (double) heard.underruns,
                        heard.wholePercent(),
                        String.join(" ", faults))
                .map(SoakRow::cell)
                .collect(Collectors.joining(","));
    }

    private static String cell(Object value) {
        return switch (value) {
            case null -> "";
            case Double number when number == Math.rint(number) -> Long.toString(number.longValue());
            case Double number -> String.format(Locale.ROOT, "%.3f", number);
            default -> value.toString();
        };
    }
}
