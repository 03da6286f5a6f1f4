package sparrow.app.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import sparrow.tensor.kernel.ComputePool;

/** The choice of a multiplier without the module onednn on the class path, as in this module. */
class MatrixChoiceTest {
    private final ComputePool pool = new ComputePool(1);

    @Test
    void aLibraryThatIsNotThereIsRefusedInOneLine() {
        assertThatThrownBy(() -> MatrixChoice.ONEDNN.kernels(pool))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--set matrix=onednn: the module sparrow-onednn is not on the class path");
    }

    @Test
    void automaticallyJavaIsChosenThenAndTheReasonTold() {
        MatrixChoice.Chosen chosen = MatrixChoice.AUTO.kernels(pool);

        assertThat(chosen.kernels().matrixProvider()).isEmpty();
        assertThat(chosen.description()).startsWith("java (the module sparrow-onednn");
    }

    @Test
    void otherNamesAreRefused() {
        assertThat(MatrixChoice.parse("Auto")).isEqualTo(MatrixChoice.AUTO);
        assertThatThrownBy(() -> MatrixChoice.parse("mkl")).hasMessage("expected auto, java or onednn, got 'mkl'");
    }
}
