package sparrow.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a report says of where it was made. */
class MachineTest {
    @Test
    void thisMachineHasAName() {
        assertThat(Machine.here().cpu()).isNotBlank();
    }
}
