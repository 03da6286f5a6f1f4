package sparrow.study.run;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.study.Bundled.MODEL;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.reply.Reply;
import sparrow.models.Question;
import sparrow.models.TurnPosition;
import sparrow.study.run.EncodedConversation.EncodedQuestion;

/** Replies that are decoded together. */
class RepliesTest {
    /** So that progress moves within a batch. */
    @Test
    void aReplyIsHandedOverAsSoonAsItHasEnded() throws IOException {
        List<EncodedQuestion> questions = Stream.of(
                        "What is the capital city of Kenya?", "What is two plus three?", "Who wrote Hamlet?")
                .map(text -> EncodedQuestion.of(MODEL.prompt(new Question.Typed(text), TurnPosition.FIRST)))
                .toList();
        Replies replies = new Replies(MODEL, ExitPlan.NONE, new Decoding(Sampling.GREEDY, Limits.newTokens(180)));
        List<Integer> lengths = new ArrayList<>();
        Reply[] byPlace = new Reply[3];

        replies.to(questions, (place, reply) -> {
            lengths.add(reply.units().size());
            byPlace[place] = reply;
        });

        assertThat(lengths).hasSize(3).isSorted().doesNotHaveDuplicates();
        List<Reply> together = replies.to(questions);
        for (int i = 0; i < 3; i++) {
            assertThat(byPlace[i].units()).isEqualTo(together.get(i).units());
        }
    }
}
