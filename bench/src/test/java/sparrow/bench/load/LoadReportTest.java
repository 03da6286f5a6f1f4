package sparrow.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoadReportTest {
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
            log.asked();
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

        LoadReport.Row row = LoadReport.row(2, List.of(one, other), 7);

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
        LoadReport.Row held = LoadReport.row(2, List.of(talker(reply(1, 0, 0)), talker(reply(1, 0, 0))), 1);
        LoadReport.Row paused = LoadReport.row(4, List.of(talker(reply(1, 1, 5))), 1);
        TalkerLog refused = talker(reply(1, 0, 0));
        refused.turnFailed("refused: rate_limit_exceeded");
        LoadReport.Row failed = LoadReport.row(8, List.of(refused), 1);

        LoadReport report = LoadReport.of("sparrow bench load", SETTINGS, List.of(held, paused, failed), false);

        assertThat(report.heldWithoutUnderrun()).isEqualTo(2);
    }

    @Test
    void theTableHasALineForEachNumberAndSaysWhatWentWrong() {
        TalkerLog broken = talker(reply(250, 0, 0));
        broken.broke("closed by the server: 1001");
        LoadReport.Row row = LoadReport.row(1, List.of(broken), 1);
        StringWriter text = new StringWriter();

        LoadTable.print(LoadReport.of("sparrow bench load", SETTINGS, List.of(row), true), new PrintWriter(text, true));

        assertThat(text.toString())
                .contains("250 / 250")
                .contains("with 1: 1 ended early: closed by the server: 1001")
                .contains("talkers held without a pause: none of the measured numbers")
                .contains("stopped by you");
    }
}
