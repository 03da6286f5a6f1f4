package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In a process that computes already; {@code VectorBitsOptionTest} of the app starts others. */
@Tag("lanes")
class VectorWidthTest {
    private static final int USED = Lanes.F32.vectorBitSize();

    @Test
    void ofThisProcessMayBePinned() {
        assertThatNoException().isThrownBy(() -> VectorWidth.pin(USED));
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void cannotBeChangedAfterwards(int bits) {
        if (bits == USED) return;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VectorWidth.pin(bits))
                .withMessage("expected " + USED + ", which this process already uses, got " + bits
                        + "; a different width requires a new process");
        assertThatNoException().isThrownBy(() -> VectorWidth.pin(USED));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 64, 192, 1024, -512})
    void mustExist(int bits) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VectorWidth.pin(bits))
                .withMessage("expected 128, 256 or 512, got " + bits);
    }
}
