package sparrow.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.KvFormat;
import sparrow.engine.transformer.DeviceChoice;

/** What an open model owns. */
class ResourcesTest {
    /** An encoder that a question loads while another thread closes the model. */
    @Test
    void whatIsTakenOverAfterClosingIsClosedAtOnce() {
        Resources resources = new Resources(new DeviceChoice.Cpu());
        resources.close();
        AtomicBoolean freed = new AtomicBoolean();

        assertThatThrownBy(() -> resources.own(() -> freed.set(true)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the model is closed");
        assertThat(freed).isTrue();
    }

    @Test
    void aDeviceThatIsToKeepKeysAndValuesInFewerBitsIsRefusedBeforeAnythingIsRead() {
        try (ComputePool pool = new ComputePool(1);
                Resources resources = new Resources(new DeviceChoice.Gpu(0))) {
            Kernels narrow = Kernels.create(pool).keeping(KvFormat.Q8);

            assertThatThrownBy(() -> resources.transformer(null, narrow, load -> {
                        throw new AssertionError("nothing is to be loaded");
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("device gpu: keys and values are kept as f32 on a device, got q8; expected f32, or the"
                            + " device cpu");
        }
    }
}
