package sparrow.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sparrow.bench.harness.BenchReport;

class LoadRowTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final LoadSettings SETTINGS = new LoadSettings(
            URI.create("ws://localhost/v1/realtime"),
            Optional.empty(),
            List.of(1, 2),
            3,
            Duration.ofDays(1),
            0.5,
            TurnTaking.MANUAL,
            History.FORGOTTEN,
            1);

    private static TalkerLog talker(ReplyMeasure... replies) {
        TalkerLog log = new TalkerLog();
        for (ReplyMeasure reply : replies) {
            log.countQuestion();
            log.reply(reply);
        }
        return log;
    }

    private static ReplyMeasure reply(double firstAudioMs, int underruns, double gapMs) {
        return new ReplyMeasure(firstAudioMs, null, 0.5, 2, underruns, gapMs, false, null);
    }

    @Test
    void figuresAreThoseOfAllReplies() throws IOException {
        TalkerLog one = talker(reply(100, 0, 0), reply(200, 0, 0));
        TalkerLog other = talker(reply(300, 2, 80), new ReplyMeasure(null, null, null, 0, 0, 0, true, 12.0));
        other.error("response_cancel_not_active");

        JsonNode row = JSON.readTree(
                        report(new LoadRow(2, List.of(one, other), 7)).json())
                .path("rows")
                .path(0);
        assertThat(row).isEqualTo(JSON.readTree("""
                {"talkers": 2, "seconds": 7.0, "questions": 4, "replies": 4, "silent_answers": 0, "failed_turns": 0,
                 "failures": {},
                 "first_audio_ms": {"p50": 200.0, "p95": 290.0, "max": 300.0, "samples": 3},
                 "real_time_factor": {"p50": 0.5, "p95": 0.5, "max": 0.5, "samples": 3},
                 "audio_seconds": 6.0, "underruns": 2, "longest_gap_ms": 80.0, "talkers_without_underrun": 1,
                 "interruptions": 1, "barge_in_ms": {"p50": 12.0, "p95": 12.0, "max": 12.0, "samples": 1},
                 "truncations_sent": 0, "truncations_made": 0, "errors": {"response_cancel_not_active": 1},
                 "broken": []}
                """));
    }

    @Test
    void heldIsTheLargestNumberOfWhomNobodyHeardAPauseOrWasRefused() {
        LoadRow held = new LoadRow(2, List.of(talker(reply(1, 0, 0)), talker(reply(1, 0, 0))), 1);
        LoadRow paused = new LoadRow(4, List.of(talker(reply(1, 1, 5))), 1);
        TalkerLog refused = talker(reply(1, 0, 0));
        refused.turnFailed("refused: rate_limit_exceeded");
        LoadRow failed = new LoadRow(8, List.of(refused), 1);

        assertThat(text(held, paused, failed)).contains("talkers held without a pause: 2");
    }

    @Test
    void theTableHasALineForEachNumberAndSaysWhatWentWrong() {
        TalkerLog broken = talker(reply(250, 0, 0));
        broken.broke("closed by the server: 1001");
        LoadRow row = new LoadRow(1, List.of(broken), 1);

        assertThat(text(row))
                .contains("250 / 250")
                .contains("with 1: 1 ended prematurely: closed by the server: 1001")
                .contains("talkers held without a pause: none");
    }

    private static BenchReport report(LoadRow... rows) {
        BenchReport report = new BenchReport("sparrow bench load", 1);
        LoadRow.report(SETTINGS, List.of(rows), report);
        return report;
    }

    private static String text(LoadRow... rows) {
        StringWriter text = new StringWriter();
        report(rows).print(new PrintWriter(text, true));
        return text.toString();
    }
}
