package sparrow.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.models.Window.Memory.NOTHING;
import static sparrow.models.Window.Memory.WHOLE;
import static sparrow.models.Window.Memory.WORDS;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.engine.decode.Limits;

class WindowTest {
    /** What a window leaves of four turns that take 10 positions each, 3 of them words. */
    private static List<Window.Memory> left(Forgetting forgetting, int room) {
        return new Window(forgetting, Window.UNBOUNDED).remember(4, memories -> positions(memories) <= room);
    }

    private static int positions(List<Window.Memory> memories) {
        return memories.stream()
                .mapToInt(memory -> switch (memory) {
                    case WHOLE -> 10;
                    case WORDS -> 3;
                    case NOTHING -> 0;
                })
                .sum();
    }

    @ParameterizedTest
    @EnumSource(Forgetting.class)
    void whatFitsIsRememberedWhole(Forgetting forgetting) {
        assertThat(left(forgetting, 40)).containsExactly(WHOLE, WHOLE, WHOLE, WHOLE);
    }

    @ParameterizedTest
    @EnumSource(names = {"TURNS", "REPLAY"})
    void theOldestTurnsGoAndNoMoreThanNeeded(Forgetting forgetting) {
        assertThat(left(forgetting, 39)).containsExactly(NOTHING, WHOLE, WHOLE, WHOLE);
        assertThat(left(forgetting, 20)).containsExactly(NOTHING, NOTHING, WHOLE, WHOLE);
        assertThat(left(forgetting, 9)).containsExactly(NOTHING, NOTHING, NOTHING, NOTHING);
        assertThat(left(forgetting, -1)).containsExactly(NOTHING, NOTHING, NOTHING, NOTHING);
    }

    @Test
    void speechGoesBeforeTurnsAndThatOfTheLastReplyStays() {
        assertThat(left(Forgetting.SPEECH, 39)).containsExactly(WORDS, WHOLE, WHOLE, WHOLE);
        assertThat(left(Forgetting.SPEECH, 19)).containsExactly(WORDS, WORDS, WORDS, WHOLE);
        assertThat(left(Forgetting.SPEECH, 18)).containsExactly(NOTHING, WORDS, WORDS, WHOLE);
        assertThat(left(Forgetting.SPEECH, 10)).containsExactly(NOTHING, NOTHING, NOTHING, WHOLE);
        assertThat(left(Forgetting.SPEECH, 9)).containsExactly(NOTHING, NOTHING, NOTHING, NOTHING);
    }

    @Test
    void offForgetsNothing() {
        assertThat(left(Forgetting.OFF, 1)).containsExactly(WHOLE, WHOLE, WHOLE, WHOLE);
    }

    @Test
    void aReplyMayTakeItsLimitOrAQuarterOfTheContext() {
        assertThat(Window.mostPrompt(Limits.newTokens(100), 1024)).isEqualTo(924);
        assertThat(Window.mostPrompt(Limits.newTokens(2000), 1024)).isEqualTo(768);
    }

    @Test
    void windowOfNoTimeAndOneThatNothingLeavesAreRefused() {
        assertThatThrownBy(() -> new Window(Forgetting.TURNS, 0))
                .hasMessage("window: expected more than 0 seconds, got 0.0");
        assertThatThrownBy(() -> new Window(Forgetting.OFF, 30)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Forgetting.parse("all"))
                .hasMessage("forgetting: expected turns, speech, replay or off, got \"all\"");
        assertThat(Forgetting.parse("speech")).isEqualTo(Forgetting.SPEECH);
    }
}
