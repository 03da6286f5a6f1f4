package sparrow.models.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sparrow.engine.interleave.Unit;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TurnPosition;

/** The prompt of a chat, built by the bundled model. */
class ChatPromptTest {
    private static final Question FIRST = new Question.Codes(new int[] {1, 2, 3});
    private static final Question LATER = new Question.Codes(new int[] {4, 2});

    private static SpokenModel model;

    @BeforeAll
    static void open() throws IOException {
        model = SpokenModels.bundled();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void eachTurnIsPromptedByItsOwnQuestionAtItsOwnPosition() {
        List<Unit> reply = model.replyUnits("yes.");
        int[] first = model.prompt(FIRST, TurnPosition.FIRST).tokens();
        int[] later = model.prompt(LATER, TurnPosition.LATER).tokens();

        ChatPrompt prompt =
                ChatPrompt.of(model, new ChatHistory(Optional.empty(), List.of(new ChatTurn(FIRST, reply)), LATER));

        assertThat(prompt.ids()).startsWith(first).endsWith(later);
        assertThat(prompt.ids().length).isGreaterThanOrEqualTo(first.length + reply.size() + later.length);
        assertThat(prompt.question().tokens()).isEqualTo(later);
    }

    @Test
    void sharedIdsDoNotDependOnTheQuestion() {
        ChatPrompt prompt = ChatPrompt.of(model, ChatHistory.of(FIRST));
        ChatPrompt other = ChatPrompt.of(model, ChatHistory.of(LATER));

        assertThat(prompt.shared())
                .isPositive()
                .isEqualTo(other.shared())
                .isLessThanOrEqualTo(Arrays.mismatch(prompt.ids(), other.ids()));
    }
}
