package sparrow.server.realtime.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The table of a response's states. */
class ResponseStateTest {
    private static final Set<ResponseState> ENDS = EnumSet.of(
            ResponseState.COMPLETED, ResponseState.CANCELLED, ResponseState.INCOMPLETE, ResponseState.FAILED);

    @Test
    void everyStateIsReachedAndTheEndsAreEnds() {
        Set<ResponseState> reached = EnumSet.of(ResponseState.LISTENING);
        for (ResponseState state : ResponseState.values()) {
            reached.addAll(state.next());
            assertThat(state.next()).as(state.name()).doesNotContain(state, ResponseState.LISTENING);
            assertThat(state.next().isEmpty()).as(state.name()).isEqualTo(ENDS.contains(state));
        }
        assertThat(reached).containsExactly(ResponseState.values());
    }

    @Test
    void clientsSeeTheEndsByNameAndTheRestAsProgress() {
        for (ResponseState state : ResponseState.values()) {
            assertThat(state.wire())
                    .isEqualTo(ENDS.contains(state) ? state.name().toLowerCase(Locale.ROOT) : "in_progress");
        }
    }

    @Test
    void nothingThatIsCancelledSpeaksOrCompletes() {
        assertThat(ResponseState.CANCELLING.next())
                .containsExactlyInAnyOrder(ResponseState.CANCELLED, ResponseState.FAILED);
    }
}
