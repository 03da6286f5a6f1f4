package sparrow.app.serve;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import picocli.CommandLine.Option;
import sparrow.engine.reply.DepthSummary;
import sparrow.formats.Printable;
import sparrow.models.pool.PooledReply;
import sparrow.server.metrics.FinishedReply;
import sparrow.server.metrics.ReplyLog;

/** Options for the reply log. A picocli mixin. */
final class ReplyLogOptions {
    /** The format of a reply's log line. */
    enum Form {
        NONE,
        TEXT,
        JSON
    }

    @Option(
            names = "--set log",
            paramLabel = "FORM",
            defaultValue = "none",
            description = "Format of the log line for each reply: none, text or json. Default: ${DEFAULT-VALUE}.")
    private Form form;

    @Option(
            names = "--set log-content",
            arity = "1",
            paramLabel = "true|false",
            description = "Include a reply's text in its log line. Default: false.")
    private boolean content;

    /** Returns whether all lines of the log are JSON. */
    boolean isJson() {
        return form == Form.JSON;
    }

    /** Prints a line of the command itself. */
    void say(PrintWriter out, String message) {
        out.println(isJson() ? JsonLog.line(message) : "sparrow: " + message);
    }

    ReplyLog log(PrintWriter out) {
        if (form == Form.NONE) return ReplyLog.NONE;
        return reply -> {
            Line line = Line.of(reply, content);
            out.println(form == Form.JSON ? line.json() : line.words());
            out.flush();
        };
    }

    /**
     * A reply as one line of the log.
     *
     * @param time the time at which the reply ended
     * @param request the request's id
     * @param heardSeconds the duration of the spoken question, or 0 if the question was typed
     * @param promptTokens the number of positions in the prompt
     * @param cachedTokens the number of prompt positions that were cached
     * @param tokens the number of tokens in the reply
     * @param averageSpeechExit the average exit layer of speech positions, or null without speech
     * @param speechSeconds the duration of the speech
     * @param queueSeconds the time from the request until the reply joined the batch
     * @param firstAudioSeconds the time from the request to the first audio, or null without audio
     * @param seconds the time from the request to the end of the reply
     * @param text the reply's text, or null if it is not logged
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Line(
            String time,
            String request,
            String api,
            String end,
            double heardSeconds,
            int promptTokens,
            int cachedTokens,
            int tokens,
            Double averageSpeechExit,
            double speechSeconds,
            double queueSeconds,
            Double firstAudioSeconds,
            double seconds,
            String text) {
        private static final ObjectMapper JSON = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();

        static Line of(FinishedReply finished, boolean content) {
            PooledReply reply = finished.reply();
            // The average does not depend on the number of layers, so any number can be passed.
            double average = DepthSummary.of(reply.reply(), 1).averageSpeechExit();
            PooledReply.Timing timing = reply.timing();
            return new Line(
                    Instant.now().truncatedTo(ChronoUnit.MILLIS).toString(),
                    finished.id(),
                    finished.api().label(),
                    finished.ending().label(),
                    rounded(finished.heardSeconds()),
                    reply.prompt().tokens(),
                    reply.prompt().cached(),
                    reply.reply().steps().size(),
                    Double.isNaN(average) ? null : rounded(average),
                    rounded(finished.spokenSeconds()),
                    rounded(timing.begun() / 1e9),
                    timing.firstAudio() == 0 ? null : rounded(timing.firstAudio() / 1e9),
                    rounded(timing.done() / 1e9),
                    content ? reply.text() : null);
        }

        private static double rounded(double value) {
            return Math.round(value * 1000) / 1000.0;
        }

        String json() {
            try {
                return JSON.writeValueAsString(this);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e); // a record of numbers and strings can always be written
            }
        }

        String words() {
            String line = String.format(
                    Locale.ROOT,
                    "%s %s %s %s: heard %.1f s, %d prompt tokens (%d cached), %d tokens, %.1f s of speech in %.2f s",
                    time,
                    request,
                    api,
                    end,
                    heardSeconds,
                    promptTokens,
                    cachedTokens,
                    tokens,
                    speechSeconds,
                    seconds);
            return text == null ? line : line + ": " + Printable.line(text.replaceAll("\\s+", " "));
        }
    }
}
