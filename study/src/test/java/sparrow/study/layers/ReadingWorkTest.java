package sparrow.study.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.Limits;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.EarlyTokenAgreement;
import sparrow.engine.reply.StopReason;
import sparrow.engine.sample.Sampling;
import sparrow.engine.unit.SpeechLogits;
import sparrow.study.run.Decoding;
import sparrow.study.run.KeptReply;
import sparrow.study.run.WorkKind;

/** Reading layers travels: what it is, and what it found, to the last bit. */
class ReadingWorkTest {
    private static final ReadingWork WORK = new ReadingWork(
            Lens.OUTPUT,
            new TreeSet<>(List.of(4, 12)),
            new Decoding(Sampling.GREEDY, Limits.newTokens(300), SpeechLogits.ALL));

    @Test
    void theWorkOfItsSettingsIsTheSame() {
        assertThat(WorkKind.named(WORK.kind()).work(WORK.settings())).isEqualTo(WORK);
    }

    @Test
    void aReadingComesBack() {
        KeptReply reply = new KeptReply(
                "",
                StopReason.END_TOKEN,
                3,
                List.of(7),
                "S",
                List.of(1),
                List.of(16),
                List.of(0),
                ComputeStats.NONE,
                EarlyTokenAgreement.NONE,
                null);
        LayerReading layer =
                new LayerReading(4, List.of(9), List.of(2), List.of(Math.nextUp(1.1f)), List.of(Float.MIN_VALUE));
        ReplyReading reading = new ReplyReading(reply, List.of(layer));

        assertThat(WORK.findings().unpack(WORK.findings().pack(reading))).isEqualTo(reading);
    }
}
