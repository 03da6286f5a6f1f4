package sparrow.study.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.Limits;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.EarlyTokenAgreement;
import sparrow.engine.reply.StopReason;
import sparrow.study.layers.ReplyReading.LayerReading;
import sparrow.study.run.Batch;
import sparrow.study.run.Decoding;
import sparrow.study.run.GenerationJob.ReplyResult;
import sparrow.study.run.KeptReply;
import sparrow.study.run.Messages;
import sparrow.study.run.PolicyCase;
import sparrow.study.worker.ElsewherePool;

/** The reading of layers travels, and its results come back to the last bit. */
class ReadingJobTest {
    private static final ReadingJob JOB = new ReadingJob(
            Lens.OUTPUT, new TreeSet<>(List.of(4, 12)), new Decoding(Sampling.GREEDY, Limits.newTokens(300)));

    @Test
    void theJobComesBack() {
        assertThat(ElsewherePool.travelled(JOB)).isEqualTo(JOB);
    }

    @Test
    void aReadingComesBack() {
        KeptReply reply = new KeptReply(
                "",
                StopReason.END_TOKEN,
                3,
                Unit.tokens(7),
                "S",
                List.of(1),
                List.of(16),
                List.of(0),
                ComputeStats.NONE,
                EarlyTokenAgreement.NONE,
                null,
                null);
        LayerReading layer =
                new LayerReading(4, Unit.tokens(9), List.of(2), List.of(Math.nextUp(1.1f)), List.of(Float.MIN_VALUE));
        ReplyReading reading = new ReplyReading(reply, List.of(layer));

        List<ReplyResult<ReplyReading>> results = List.of(new ReplyResult.Found<>(0, PolicyCase.NONE, reading));
        Messages<Batch, ReplyResult<ReplyReading>> messages = new Messages<>(JOB);

        assertThat(messages.results(messages.ofResults(results))).isEqualTo(results);
    }
}
