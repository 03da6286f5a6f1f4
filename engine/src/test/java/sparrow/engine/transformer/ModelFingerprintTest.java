package sparrow.engine.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sparrow.engine.Machine;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Kernels;

/** Fingerprints of a transformer of one layer and width 2. */
class ModelFingerprintTest {
    @RegisterExtension
    private final Machine machine = new Machine(1);

    private final Kernels kernels = machine.kernels();

    @Test
    void isTheSameForTheSameModelAndAnotherForEveryNormBiasAndSize() {
        ModelFingerprint first = of(5, new float[] {1, 2}, null);

        assertThat(of(5, new float[] {1, 2}, null)).isEqualTo(first);
        assertThat(List.of(
                        first,
                        of(6, new float[] {1, 2}, null),
                        of(5, new float[] {1, 3}, null),
                        of(5, new float[] {1, 2}, new float[] {0, 0})))
                .doesNotHaveDuplicates();
    }

    @Test
    void isTheSameHoweverMatricesAreLaidOut() {
        Transformer viewed = transformer(5, new float[] {1, 2}, null, false);
        Transformer packed = transformer(5, new float[] {1, 2}, null, true);

        assertThat(ModelFingerprint.of(packed)).isEqualTo(ModelFingerprint.of(viewed));
    }

    @Test
    void isSixtyFourHexadecimalDigits() {
        assertThat(of(5, new float[] {1, 2}, null).toString()).matches("[0-9a-f]{64}");
        assertThatThrownBy(() -> new ModelFingerprint("abc"))
                .hasMessage("model fingerprint: expected 64 hexadecimal digits, got abc");
    }

    private ModelFingerprint of(int vocabulary, float[] norm, float[] bias) {
        return ModelFingerprint.of(transformer(vocabulary, norm, bias, false));
    }

    private Transformer transformer(int vocabulary, float[] norm, float[] bias, boolean packed) {
        Matrix square = Matrix.copyOf(new float[4], 2, 2, machine.arena());
        Linear plain = new Linear(packed ? kernels.pack(square, machine.arena()) : kernels.view(square), null);
        Linear query = new Linear(plain.weight(), bias);
        Layer layer = new Layer(norm, new SelfAttention(query, plain, plain, plain), norm, plain, plain, plain);
        Matrix ids = Matrix.copyOf(new float[vocabulary * 2], vocabulary, 2, machine.arena());
        return new Transformer(
                new TransformerConfig(1, 2, 1, 1, 2, 2, vocabulary, 16, 0, new Rope(2, 10_000, Rope.Pairing.HALVES)),
                kernels,
                ids,
                List.of(layer),
                new float[] {1, 1},
                kernels.view(ids));
    }
}
