package sparrow.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What an open model owns. */
class ResourcesTest {
    /** An encoder that a question loads while another thread closes the model. */
    @Test
    void whatIsTakenOverAfterClosingIsClosedAtOnce() {
        Resources resources = new Resources();
        resources.close();
        AtomicBoolean freed = new AtomicBoolean();

        assertThatThrownBy(() -> resources.own(() -> freed.set(true)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the model is closed");
        assertThat(freed).isTrue();
    }

    /** Weights that do not fit the memory end an opening by an error. */
    @Test
    void anOpeningThatEndsByAnErrorLeavesNothingOpen() {
        AtomicBoolean freed = new AtomicBoolean();

        assertThatThrownBy(() -> Resources.opening(resources -> {
                    resources.own(() -> freed.set(true));
                    throw new OutOfMemoryError("weights");
                }))
                .isInstanceOf(OutOfMemoryError.class);

        assertThat(freed).isTrue();
    }

    @Test
    void aResourceThatCannotBeClosedKeepsNoOtherOpen() {
        Resources resources = new Resources();
        AtomicBoolean freed = new AtomicBoolean();
        MemorySegment memory = resources.memory().allocate(8);
        resources.own(() -> freed.set(true));
        resources.own(() -> {
            throw new IOException("disk");
        });

        assertThatThrownBy(resources::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("disk");

        assertThat(freed).isTrue();
        assertThat(memory.scope().isAlive()).isFalse();
    }
}
