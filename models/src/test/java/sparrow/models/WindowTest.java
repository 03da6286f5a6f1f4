package sparrow.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.models.Window.Retention.DROP;
import static sparrow.models.Window.Retention.FULL;
import static sparrow.models.Window.Retention.TEXT;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.engine.decode.Limits;

class WindowTest {
    /** What a window leaves of four turns that take 10 positions each, 3 of them words. */
    private static List<Window.Retention> left(TruncationStrategy truncation, int room) {
        return new Window(truncation, Window.UNBOUNDED).retain(4, retentions -> positions(retentions) <= room);
    }

    private static int positions(List<Window.Retention> retentions) {
        return retentions.stream()
                .mapToInt(memory -> switch (memory) {
                    case FULL -> 10;
                    case TEXT -> 3;
                    case DROP -> 0;
                })
                .sum();
    }

    @ParameterizedTest
    @EnumSource(TruncationStrategy.class)
    void whatFitsIsRememberedWhole(TruncationStrategy truncation) {
        assertThat(left(truncation, 40)).containsExactly(FULL, FULL, FULL, FULL);
    }

    @ParameterizedTest
    @EnumSource(names = {"TURNS", "REPLAY"})
    void theOldestTurnsGoAndNoMoreThanNeeded(TruncationStrategy truncation) {
        assertThat(left(truncation, 39)).containsExactly(DROP, FULL, FULL, FULL);
        assertThat(left(truncation, 20)).containsExactly(DROP, DROP, FULL, FULL);
        assertThat(left(truncation, 9)).containsExactly(DROP, DROP, DROP, DROP);
        assertThat(left(truncation, -1)).containsExactly(DROP, DROP, DROP, DROP);
    }

    @Test
    void speechGoesBeforeTurnsAndThatOfTheLastReplyStays() {
        assertThat(left(TruncationStrategy.SPEECH, 39)).containsExactly(TEXT, FULL, FULL, FULL);
        assertThat(left(TruncationStrategy.SPEECH, 19)).containsExactly(TEXT, TEXT, TEXT, FULL);
        assertThat(left(TruncationStrategy.SPEECH, 18)).containsExactly(DROP, TEXT, TEXT, FULL);
        assertThat(left(TruncationStrategy.SPEECH, 10)).containsExactly(DROP, DROP, DROP, FULL);
        assertThat(left(TruncationStrategy.SPEECH, 9)).containsExactly(DROP, DROP, DROP, DROP);
    }

    @Test
    void offForgetsNothing() {
        assertThat(left(TruncationStrategy.OFF, 1)).containsExactly(FULL, FULL, FULL, FULL);
    }

    @Test
    void aBoundOfTurnsCountsTheQuestionAndHoldsWhateverFits() {
        for (TruncationStrategy truncation :
                List.of(TruncationStrategy.TURNS, TruncationStrategy.SPEECH, TruncationStrategy.REPLAY)) {
            Window three = new Window(truncation, Window.UNBOUNDED, 3);
            assertThat(three.retain(4, _ -> true)).containsExactly(DROP, DROP, FULL, FULL);
            assertThat(three.retain(2, _ -> true)).containsExactly(FULL, FULL);
            assertThat(three.retain(4, retentions -> positions(retentions) <= 10))
                    .startsWith(DROP, DROP);
        }
        assertThat(Window.DEFAULT.ofTurns(1).retain(2, _ -> true)).containsExactly(DROP, DROP);
        assertThat(new Window(TruncationStrategy.OFF, Window.UNBOUNDED)
                        .ofTurns(1)
                        .retain(2, _ -> true))
                .containsExactly(FULL, FULL);
    }

    @Test
    void aReplyMayTakeItsLimitOrAQuarterOfTheContext() {
        assertThat(Window.mostPrompt(Limits.newTokens(100), 1024)).isEqualTo(924);
        assertThat(Window.mostPrompt(Limits.newTokens(2000), 1024)).isEqualTo(768);
    }

    @Test
    void windowOfNoTimeAndOneThatNothingLeavesAreRefused() {
        assertThatThrownBy(() -> new Window(TruncationStrategy.TURNS, 0))
                .hasMessage("window: expected more than 0 seconds, got 0.0");
        assertThatThrownBy(() -> Window.DEFAULT.ofTurns(0)).hasMessage("window: expected 1 turn or more, got 0");
        assertThatThrownBy(() -> new Window(TruncationStrategy.OFF, 30)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TruncationStrategy.parse("all"))
                .hasMessage("truncation: expected turns, speech, replay or off, got \"all\"");
        assertThat(TruncationStrategy.parse("speech")).isEqualTo(TruncationStrategy.SPEECH);
    }
}
