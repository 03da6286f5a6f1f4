package sparrow.study.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sparrow.engine.sample.Sampling;
import sparrow.study.run.BadParcelException;
import sparrow.study.run.WorkKind;

/** Harvesting travels: what it is, and its records. */
class HarvestWorkTest {
    private static final HarvestWork WORK =
            new HarvestWork(new RecordLayout(List.of(8, 10), 96, 64), new Sampling(0.9, 0, 0.95, 1, 3), 800);

    private static ReplyRecord record(int positions, long bytes) {
        byte[] content = new byte[(int) bytes];
        new Random(positions).nextBytes(content);
        return new ReplyRecord(positions, content);
    }

    @Test
    void theWorkOfItsSettingsIsTheSame() {
        assertThat(WorkKind.named(WORK.kind()).work(WORK.settings())).isEqualTo(WORK);
    }

    @Test
    void aRecordComesBack() {
        ReplyRecord record = record(5, WORK.layout().bytes(5));

        ReplyRecord back = WORK.findings().unpack(WORK.findings().pack(record));

        assertThat(back.positions()).isEqualTo(5);
        assertThat(back.bytes()).isEqualTo(record.bytes());
    }

    @Test
    void aRecordOfAnotherLengthIsRefused() {
        for (ReplyRecord wrong : List.of(record(5, WORK.layout().bytes(4)), record(0, 0), record(-1, 0))) {
            assertThatThrownBy(() -> WORK.findings().unpack(WORK.findings().pack(wrong)))
                    .isInstanceOf(BadParcelException.class);
        }
    }
}
