package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rotary turns by vectors: the same two products and one sum as the reference, so the same bits. */
@Tag("lanes")
class RotationTest {
    private static final Kernels REFERENCE = new ScalarKernels(new ComputePool(1));
    private static final Kernels VECTOR = new VectorKernels(new ComputePool(1));

    @ParameterizedTest(name = "{0} channels")
    @ValueSource(ints = {0, 2, 4, 6, 8, 14, 16, 18, 30, 32, 34, 62, 64, 66, 128, 130})
    void agreesWithTheReferenceToTheBit(int channels) {
        SplittableRandom random = new SplittableRandom(channels);
        float[] table = new float[2 * channels];
        for (int i = 0; i < table.length; i++) table[i] = (float) random.nextDouble(-1, 1);
        Block x = Framed.block(random, Numbers.PLAIN, 1, channels, 0);
        Block neighbours = Framed.copy(x);
        Block halves = Framed.copy(x);
        Block expectedNeighbours = Framed.copy(x);
        Block expectedHalves = Framed.copy(x);

        VECTOR.rotateNeighbours(neighbours.data(), neighbours.offset(), channels, table);
        VECTOR.rotateHalves(halves.data(), halves.offset(), channels, table);

        REFERENCE.rotateNeighbours(expectedNeighbours.data(), expectedNeighbours.offset(), channels, table);
        REFERENCE.rotateHalves(expectedHalves.data(), expectedHalves.offset(), channels, table);
        Framed.assertSame(neighbours, expectedNeighbours);
        Framed.assertSame(halves, expectedHalves);
        Framed.assertFrameUntouched(neighbours);
        Framed.assertFrameUntouched(halves);
        if (channels > 4) assertThat(neighbours.data()).isNotEqualTo(halves.data());
    }
}
