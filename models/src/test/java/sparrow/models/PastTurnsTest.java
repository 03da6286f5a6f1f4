package sparrow.models;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.models.Window.Retention.DROP;
import static sparrow.models.Window.Retention.FULL;
import static sparrow.models.Window.Retention.TEXT;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.transformer.Span;

/** Three turns whose messages all end with token 9, that of the system included, as those of Step-Audio-2 do. */
class PastTurnsTest {
    private static final TokenSpace TOKENS = new TokenSpace(100, 50, 150, Set.of(9));
    private static final int[] SYSTEM = {1, 2, 9};
    private static final int[] LEAD = {9};

    private PastTurns past;
    private int[] list;

    @BeforeEach
    void talk() {
        past = new PastTurns(TOKENS, 12.5);
        list = new int[0];
        for (int word = 20; word < 23; word++) {
            int[] asked = {1, word, 9, 1};
            Prompt first = new Prompt(concat(SYSTEM, asked), SYSTEM.length, 0, 0);
            Prompt later = new Prompt(concat(LEAD, asked), 0, 0, 0);
            Prompt prompt = word == 20 ? first : later;
            list = concat(list, prompt.tokens(), reply(word));
            past.add(prompt, first, list.length);
        }
    }

    private static int[] reply(int word) {
        return new int[] {word + 10, 100 + word, 101 + word};
    }

    private static int[] concat(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    private int[] keep(List<Window.Retention> retentions) {
        List<Span> spans = past.spans(list, retentions);
        past.keep(retentions, spans);
        return spans.stream()
                .flatMapToInt(span -> IntStream.range(span.first(), span.end()))
                .map(at -> list[at])
                .toArray();
    }

    @Test
    void theEndOfAForgottenTurnGoesWithIt() {
        list = keep(List.of(DROP, FULL, FULL));

        assertThat(list)
                .isEqualTo(
                        concat(SYSTEM, new int[] {1, 21, 9, 1}, reply(21), LEAD, new int[] {1, 22, 9, 1}, reply(22)));
        assertThat(keep(List.of(DROP, FULL))).isEqualTo(concat(SYSTEM, new int[] {1, 22, 9, 1}, reply(22)));
    }

    @Test
    void aReplyLosesItsSoundOnce() {
        List<Window.Retention> retentions = List.of(TEXT, FULL, FULL);

        assertThat(past.silenced(list, retentions)).isEqualTo(1);
        list = keep(retentions);
        assertThat(past.silenced(list, retentions)).isZero();
        assertThat(past.silenced(list, List.of(TEXT, TEXT, FULL))).isEqualTo(1);
    }
}
