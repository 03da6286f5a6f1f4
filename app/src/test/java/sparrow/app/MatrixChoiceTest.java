package sparrow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import sparrow.engine.kernel.ComputePool;

/** Who multiplies where the module native is not on the class path, as in this module. */
class MatrixChoiceTest {
    private final ComputePool pool = new ComputePool(1);

    @Test
    void aLibraryThatIsNotThereIsRefusedInOneLine() {
        assertThatThrownBy(() -> MatrixChoice.DNNL.kernels(pool))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--matrix dnnl: the module native (sparrow-native) is not on the class path");
    }

    @Test
    void automaticallyJavaIsChosenThenAndTheReasonTold() {
        MatrixChoice.Chosen chosen = MatrixChoice.AUTO.kernels(pool);

        assertThat(chosen.kernels().matrixProvider()).isEmpty();
        assertThat(chosen.told()).startsWith("java (the module native");
    }

    @Test
    void otherNamesAreRefused() {
        assertThat(MatrixChoice.parse("Auto")).isEqualTo(MatrixChoice.AUTO);
        assertThatThrownBy(() -> MatrixChoice.parse("mkl")).hasMessage("expected auto, java or dnnl, got 'mkl'");
    }
}
