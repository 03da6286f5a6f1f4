package sparrow.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import sparrow.bench.load.ReplyMeasure;
import sparrow.bench.load.TalkerLog;

/** The lines of a soak's table. */
class SoakRowTest {
    @Test
    void aRowHasAFieldForEachHeadingAndLeavesOutWhatWasNotMeasured() {
        TalkerLog log = new TalkerLog();
        log.countQuestion();
        log.reply(new ReplyMeasure(300.0, 100.0, 0.5, 2, 3, 80, false, null));
        log.reply(new ReplyMeasure(200.0, null, 0.5, 2, 0, 0, false, null));
        log.brokeOff("failed server_error");
        log.turnFailed("refused: rate_limit_exceeded");
        SoakRow row =
                new SoakRow(10, 512.25, null, 60.0, 40.0, 6.0, 1.5, SoakRow.Heard.of(log), List.of("cut", "vocoder"));

        assertThat(row.csv()).isEqualTo("10,512.250,,60,40,6,1.500,150,195,199,2,1,1,3,66.667,cut vocoder");
        assertThat(row.csv().split(",", -1)).hasSameSizeAs(SoakRow.HEADER.split(","));
    }

    @Test
    void theHeapIsReadAfterTheLastWholeCollection() {
        String log = """
                [1.2s][info][gc] GC(3) Pause Young (Normal) (G1 Evacuation Pause) 150M->21M(214M) 1.5ms
                [2.2s][info][gc] GC(4) Pause Full (Diagnostic Command) 90M->31M(214M) 60.1ms
                [3.2s][info][gc] GC(5) Pause Full (Diagnostic Command) 80M->32M(128M) 60.1ms
                [4.2s][info][gc] GC(6) Pause Young (Normal) (G1 Evacuation Pause) 99M->70M(128M) 1.5ms
                """;
        assertThat(SoakServer.heap(log)).hasValue(32);
        assertThat(SoakServer.heap("")).isEmpty();
    }
}
