package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sparrow.server.realtime.Response.State;

/** The table of a response's states. */
class ResponseStateTest {
    private static final Set<State> ENDS = EnumSet.of(State.COMPLETED, State.CANCELLED, State.INCOMPLETE, State.FAILED);

    @Test
    void everyStateIsReachedAndTheEndsAreEnds() {
        Set<State> reached = EnumSet.of(State.LISTENING);
        for (State state : State.values()) {
            reached.addAll(state.next());
            assertThat(state.next()).as(state.name()).doesNotContain(state, State.LISTENING);
            assertThat(state.next().isEmpty()).as(state.name()).isEqualTo(ENDS.contains(state));
        }
        assertThat(reached).containsExactly(State.values());
    }

    @Test
    void clientsSeeTheEndsByNameAndTheRestAsProgress() {
        for (State state : State.values()) {
            assertThat(state.wire())
                    .isEqualTo(ENDS.contains(state) ? state.name().toLowerCase(Locale.ROOT) : "in_progress");
        }
    }

    @Test
    void nothingThatIsCancelledSpeaksOrCompletes() {
        assertThat(State.CANCELLING.next()).containsExactlyInAnyOrder(State.CANCELLED, State.FAILED);
    }
}
