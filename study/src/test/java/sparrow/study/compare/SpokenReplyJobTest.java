package sparrow.study.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.Limits;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.EarlyTokenAgreement;
import sparrow.engine.reply.StopReason;
import sparrow.study.folder.FileDigest;
import sparrow.study.run.Batch;
import sparrow.study.run.Decoding;
import sparrow.study.run.GenerationJob.ReplyResult;
import sparrow.study.run.KeptReply;
import sparrow.study.run.Messages;
import sparrow.study.run.PolicyCase;
import sparrow.study.worker.ElsewherePool;

/** The job travels, and its replies. */
class SpokenReplyJobTest {
    private static final List<PolicyCase> CASES = Stream.concat(
                    Stream.of("S1", "G4", "B7").map(PaperPolicies::named).flatMap(Optional::stream),
                    Stream.of("none", "draft:8:3", "text=conf:8:0.5,speech=even:8", "fixed:12+copy", "even:8+verify")
                            .map(PolicyCase::parse))
            .toList();
    private static final SpokenReplyJob JOB =
            new SpokenReplyJob(CASES, new Decoding(new Sampling(0.2, 0, 0.8, 1.05, 7), new Limits(800, 120)));

    private static SpokenReplyJob.SpokenReply reply(byte[] wav) {
        KeptReply.Speech speech = wav == null ? null : new KeptReply.Speech(FileDigest.sha256(wav), 0.1);
        KeptReply reply = new KeptReply(
                "hm",
                StopReason.END_TOKEN,
                12,
                Unit.tokens(3),
                "T",
                List.of(1),
                List.of(16),
                List.of(0),
                ComputeStats.NONE,
                EarlyTokenAgreement.NONE,
                null,
                speech);
        return new SpokenReplyJob.SpokenReply(reply, wav);
    }

    private static ReplyResult<SpokenReplyJob.SpokenReply> travelled(ReplyResult<SpokenReplyJob.SpokenReply> result) {
        Messages<Batch, ReplyResult<SpokenReplyJob.SpokenReply>> messages = new Messages<>(JOB);
        return messages.results(messages.ofResults(List.of(result))).getFirst();
    }

    @Test
    void theJobComesBack() {
        assertThat(ElsewherePool.travelled(JOB)).isEqualTo(JOB);
    }

    @Test
    void aReplyComesBackWithItsSound() {
        for (byte[] wav : new byte[][] {{1, 2, 3}, null}) {
            ReplyResult<SpokenReplyJob.SpokenReply> found = new ReplyResult.Found<>(3, CASES.get(1), reply(wav));

            assertThat(travelled(found)).usingRecursiveComparison().isEqualTo(found);
        }
    }

    @Test
    void aQuestionThatFailedComesBack() {
        ReplyResult<SpokenReplyJob.SpokenReply> failed = new ReplyResult.Failed<>(3, "it is silent");

        assertThat(travelled(failed)).isEqualTo(failed);
    }

    @Test
    void aSoundThatIsNotTheReplysIsRefused() {
        KeptReply reply = reply(new byte[] {1}).reply();

        assertThatThrownBy(() -> new SpokenReplyJob.SpokenReply(reply, new byte[] {2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("reply: its audio does not match its digest");
    }
}
