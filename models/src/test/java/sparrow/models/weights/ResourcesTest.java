package sparrow.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
