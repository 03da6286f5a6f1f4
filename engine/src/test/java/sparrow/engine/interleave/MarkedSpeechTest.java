package sparrow.engine.interleave;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;

/** Step-Audio-2's 1 : 4 between marks. In the input t is text, p its padding, s a code, a audio padding, ( and ) marks. */
class MarkedSpeechTest {
    private static final String CHUNK = "S1 S2 S3 S4 ";

    private final FollowedReply asked = tracker(StepAudio2.MARKS.start());

    private static FollowedReply tracker(int lastOfPrompt) {
        return new FollowedReply(StepAudio2.INTERLEAVE, StepAudio2.TOKENS, lastOfPrompt);
    }

    @Test
    void oneTextTokenThenFourOfSpeech() {
        assertThat(places(asked, "tssss".repeat(5))).isEqualTo(("T1 " + CHUNK).repeat(5));
        assertThat(asked.speechTail()).isZero();
    }

    @Test
    void tripleIsFullEarlyEarlyFullInAChunkOfFour() {
        ExitPlan plan = ExitPlan.speech(DepthPolicy.parse("triple:22"));
        StringBuilder depths = new StringBuilder();
        for (char token : "tssss".repeat(3).toCharArray()) {
            boolean full = ((ExitPolicy) plan.policy(asked.modality()))
                            .exits(asked.chunkPosition(), 28)
                            .getFirst()
                            .layer()
                    == 28;
            depths.append(asked.modality() == Modality.TEXT ? "T" : "").append(full ? 'F' : 'E');
            asked.accept(id(token));
        }

        assertThat(depths).hasToString("TFFEEF".repeat(3));
    }

    @Test
    void textSlotStaysWhenTheTextHasRunOutAndTheTailCountsSpeech() {
        places(asked, "tsssst");

        assertThat(places(asked, "ssss" + "pssss".repeat(3))).isEqualTo(CHUNK + ("T1 " + CHUNK).repeat(3));
        assertThat(asked.speechTail()).isEqualTo(12);

        places(asked, "t");
        assertThat(asked.speechTail()).isZero();
    }

    @Test
    void audioPaddingTakesSpeechSlots() {
        assertThat(places(asked, "taaaatsaaa")).isEqualTo(("T1 " + CHUNK).repeat(2));
    }

    @Test
    void speechInATextSlotIsTheFirstOfItsChunk() {
        places(asked, "tssss");

        assertThat(places(asked, "sssst")).isEqualTo("T1 S2 S3 S4 T1 ");
        // The text has ended until it goes on: a model that drops its text slots must be stopped, too.
        assertThat(places(asked, "ssss" + "s".repeat(8))).isEqualTo(CHUNK + "T1 S2 S3 S4 ".repeat(2));
        assertThat(asked.speechTail()).isEqualTo(8);
    }

    @Test
    void textAtASpeechSlotCutsTheChunkShort() {
        assertThat(places(asked, "tss" + "tssss")).isEqualTo("T1 S1 S2 S3 " + CHUNK);
        assertThat(place(asked)).isEqualTo("T1 ");
        assertThat(places(asked, "ttt")).isEqualTo("T1 S1 S1 ");
    }

    @Test
    void onlyTextIsExpectedOnceSpeechHasEnded() {
        assertThat(places(asked, "tss)tttttt")).isEqualTo("T1 S1 S2 S3 T1 T2 T3 T4 T5 T6 ");
        assertThat(asked.modality()).isEqualTo(Modality.TEXT);
        assertThat(asked.speechTail()).isZero();
    }

    @Test
    void endMarkMayComeInATextSlot() {
        assertThat(places(asked, "tsssspssss)t")).isEqualTo("T1 " + CHUNK + "T1 " + CHUNK + "T1 T1 ");
        assertThat(asked.speechTail()).isZero();
    }

    @Test
    void replyThatWasAskedAsTextIsTextUntilTheModelSpeaks() {
        FollowedReply text = tracker(5);

        assertThat(places(text, "t".repeat(9))).isEqualTo("T1 T2 T3 T4 T5 T6 T7 T8 T9 ");
        assertThat(places(text, "(tssss")).isEqualTo("T10 T1 " + CHUNK);
        assertThat(place(text)).isEqualTo("T1 ");
    }

    @Test
    void speechThatNoMarkAnnouncesIsFollowedAllTheSame() {
        FollowedReply text = tracker(5);

        assertThat(places(text, "ttsssstssss")).isEqualTo("T1 T2 T3 S2 S3 S4 T1 " + CHUNK);
    }

    /** What the history builder writes is what the tracker expects: no slot comes as a surprise. */
    @Test
    void historiesOfTheGoldenDataAreFollowedSlotBySlot() throws IOException {
        int speech = 0;
        for (JsonNode reply : StepAudio2.json("interleave.json").get("interleave")) {
            int[] ids = StepAudio2.ints(reply.get("interleaved"));
            FollowedReply tracker = tracker(ids[0]);
            for (int i = 1; i < ids.length && ids[i] != StepAudio2.MARKS.end(); i++) {
                boolean full = tracker.modality() == StepAudio2.TOKENS.modality(ids[i]);
                // A chunk may be short only where the speech has run out; what follows it is text.
                assertThat(full || tracker.modality() == Modality.SPEECH)
                        .as("id %d", i)
                        .isTrue();
                if (StepAudio2.TOKENS.isSpeech(ids[i])) speech++;
                tracker.accept(ids[i]);
            }
        }
        assertThat(speech).isGreaterThan(100);
    }

    private static String places(FollowedReply tracker, String decided) {
        List<String> places = new ArrayList<>();
        for (char token : decided.toCharArray()) {
            places.add(place(tracker));
            tracker.accept(id(token));
        }
        return String.join("", places);
    }

    private static String place(FollowedReply tracker) {
        return (tracker.modality() == Modality.TEXT ? "T" : "S") + tracker.chunkPosition() + " ";
    }

    private static int id(char token) {
        return switch (token) {
            case 't' -> 5;
            case 'p' -> StepAudio2.MARKS.textPadding();
            case 's' -> StepAudio2.TOKENS.speechOffset();
            case 'a' -> StepAudio2.TOKENS.speechOffset() + StepAudio2.TOKENS.codes();
            case '(' -> StepAudio2.MARKS.start();
            case ')' -> StepAudio2.MARKS.end();
            default -> throw new IllegalArgumentException("token " + token);
        };
    }
}
