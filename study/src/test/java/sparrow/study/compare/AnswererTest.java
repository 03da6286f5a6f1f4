package sparrow.study.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.Limits;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.EarlyTokenAgreement;
import sparrow.engine.reply.StopReason;
import sparrow.engine.sample.Sampling;
import sparrow.engine.unit.SpeechLogits;
import sparrow.study.run.BadParcelException;
import sparrow.study.run.Decoding;
import sparrow.study.run.FileDigest;
import sparrow.study.run.KeptReply;
import sparrow.study.run.Parcel;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.WorkKind;

/** Answering travels: what it is, and what it found. */
class AnswererTest {
    private static final List<PolicyCase> CASES = Stream.concat(
                    Stream.of("S1", "G4", "B7").map(PaperPolicies::named).flatMap(Optional::stream),
                    Stream.of(
                                    "none",
                                    "draft:8:3",
                                    "text=conf:8:0.5+speech=even:8",
                                    "fixed:12+kv=copy",
                                    "even:8+verify=exact")
                            .map(PolicyCase::parse))
            .toList();
    private static final Answerer WORK = new Answerer(
            CASES, new Decoding(new Sampling(0.2, 0, 0.8, 1.05, 7), new Limits(800, 120), SpeechLogits.SPEECH));

    private static Answerer.SpokenReply reply(byte[] wav) {
        KeptReply.Speech speech = wav == null ? null : new KeptReply.Speech(FileDigest.sha256(wav), 0.1);
        KeptReply reply = new KeptReply(
                "hm",
                StopReason.END_TOKEN,
                12,
                List.of(3),
                "T",
                List.of(1),
                List.of(16),
                List.of(0),
                ComputeStats.NONE,
                EarlyTokenAgreement.NONE,
                speech);
        return new Answerer.SpokenReply(reply, wav);
    }

    @Test
    void theWorkOfItsSettingsIsTheSame() {
        assertThat(WorkKind.named(WORK.kind()).work(WORK.settings())).isEqualTo(WORK);
    }

    @Test
    void aReplyComesBackWithItsSound() {
        byte[] wav = {1, 2, 3};

        Answerer.SpokenReply back = WORK.findings().unpack(WORK.findings().pack(reply(wav)));

        assertThat(back.reply()).isEqualTo(reply(wav).reply());
        assertThat(back.wav()).isEqualTo(wav);
        assertThat(WORK.findings().unpack(WORK.findings().pack(reply(null))).wav())
                .isNull();
    }

    @Test
    void aSoundThatIsNotTheReplysIsRefused() {
        Parcel swapped = Parcel.of(reply(new byte[] {1}).reply(), new byte[] {2});

        assertThatThrownBy(() -> WORK.findings().unpack(swapped)).isInstanceOf(BadParcelException.class);
    }
}
