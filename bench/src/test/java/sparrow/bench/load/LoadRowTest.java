package sparrow.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sparrow.bench.harness.BenchReport;

class LoadRowTest {
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
    void figuresAreThoseOfAllReplies() {
        TalkerLog one = talker(reply(100, 0, 0), reply(200, 0, 0));
        TalkerLog other = talker(reply(300, 2, 80), new ReplyMeasure(null, null, null, 0, 0, 0, true, 12.0));
        other.error("response_cancel_not_active");

        LoadRow row = LoadRow.of(2, List.of(one, other), 7);

        assertThat(row.questions()).isEqualTo(4);
        assertThat(row.replies()).isEqualTo(4);
        assertThat(row.firstAudioMs()).isEqualTo(new Percentiles(200, 290, 300, 3));
        assertThat(row.firstAudioAfterVadMs()).isNull();
        assertThat(row.underruns()).isEqualTo(2);
        assertThat(row.longestGapMs()).isEqualTo(80);
        assertThat(row.talkersWithoutUnderrun()).isEqualTo(1);
        assertThat(row.interruptions()).isEqualTo(1);
        assertThat(row.bargeInMs().max()).isEqualTo(12);
        assertThat(row.audioSeconds()).isEqualTo(6);
        assertThat(row.errors()).containsEntry("response_cancel_not_active", 1);
    }

    @Test
    void heldIsTheLargestNumberOfWhomNobodyHeardAPauseOrWasRefused() {
        LoadRow held = LoadRow.of(2, List.of(talker(reply(1, 0, 0)), talker(reply(1, 0, 0))), 1);
        LoadRow paused = LoadRow.of(4, List.of(talker(reply(1, 1, 5))), 1);
        TalkerLog refused = talker(reply(1, 0, 0));
        refused.turnFailed("refused: rate_limit_exceeded");
        LoadRow failed = LoadRow.of(8, List.of(refused), 1);

        assertThat(text(held, paused, failed)).contains("talkers held without a pause: 2");
    }

    @Test
    void theTableHasALineForEachNumberAndSaysWhatWentWrong() {
        TalkerLog broken = talker(reply(250, 0, 0));
        broken.broke("closed by the server: 1001");
        LoadRow row = LoadRow.of(1, List.of(broken), 1);

        assertThat(text(row))
                .contains("250 / 250")
                .contains("with 1: 1 ended prematurely: closed by the server: 1001")
                .contains("talkers held without a pause: none");
    }

    private static String text(LoadRow... rows) {
        BenchReport report = new BenchReport("sparrow bench load", 1);
        LoadRow.report(SETTINGS, List.of(rows), report);
        StringWriter text = new StringWriter();
        report.print(new PrintWriter(text, true));
        return text.toString();
    }
}
