package sparrow.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Quantised blocks mean what ggml's layout says. */
class BlockTypeTest {
    @Test
    void anEightBitElementIsItsByteTimesTheScale() {
        float[] values = new Tensor(MemorySegment.ofArray(eightBits()), DType.Q8_0, List.of(2, 32)).toFloats();

        assertThat(values).hasSize(64);
        for (int i = 0; i < 32; i++) {
            assertThat(values[i]).isEqualTo(0.5f * (i - 16));
            assertThat(values[32 + i]).isEqualTo(-3f * (i * 8 - 128));
        }
    }

    @Test
    void lowNibblesAreTheFirstHalfOfABlockAndHighOnesTheSecond() {
        float[] values = new Tensor(MemorySegment.ofArray(fourBits()), DType.Q4_0, List.of(32)).toFloats();

        for (int i = 0; i < 16; i++) {
            assertThat(values[i]).isEqualTo(0.25f * (i - 8));
            assertThat(values[16 + i]).isEqualTo(0.25f * (15 - i - 8));
        }
    }

    @Test
    void rowsAndSlicesOfAQuantisedMatrixAreWholeBlocks() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(68).copyFrom(MemorySegment.ofArray(eightBits()));
            Matrix matrix = new Matrix(data, DType.Q8_0, 2, 32);
            float[] second = new float[33];

            matrix.row(1, second, 1);

            assertThat(matrix.rowBytes()).isEqualTo(34);
            assertThat(second[0]).isZero();
            assertThat(second[2]).isEqualTo(-3f * (8 - 128));
            assertThat(matrix.slice(1, 2).data().byteSize()).isEqualTo(34);
            assertThatThrownBy(() -> matrix.row(1, second, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void bytesAreCountedInBlocks() {
        assertThat(DType.F64.bytes(3)).isEqualTo(24);
        assertThat(DType.Q8_0.bytes(64)).isEqualTo(68);
        assertThat(DType.Q4_0.bytes(64)).isEqualTo(36);
        assertThat(DType.Q4_0.bytes(1L << 40)).isEqualTo(18L << 35);
        assertThatThrownBy(() -> DType.F64.bytes(Long.MAX_VALUE / 2)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> DType.Q4_0.bytes(48))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Q4_0: expected a multiple of 32 elements, got 48");
    }

    @Test
    void aBlockMayNotReachFromOneRowIntoTheNext() {
        MemorySegment data = MemorySegment.ofArray(eightBits());

        assertThatThrownBy(() -> new Tensor(data, DType.Q8_0, List.of(4, 16)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a multiple of 32 as the innermost size");
        assertThatThrownBy(() -> new Tensor(data, DType.Q8_0, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    /** Two blocks: scale 0.5 with -16 to 15, scale -3 with -128, -120, ... */
    private static byte[] eightBits() {
        ByteBuffer bytes = ByteBuffer.allocate(68).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putShort(Float.floatToFloat16(0.5f));
        for (int i = 0; i < 32; i++) bytes.put((byte) (i - 16));
        bytes.putShort(Float.floatToFloat16(-3));
        for (int i = 0; i < 32; i++) bytes.put((byte) (i * 8 - 128));
        return bytes.array();
    }

    /** One block: scale 0.25, elements 0 to 15 count up, 16 to 31 down. */
    private static byte[] fourBits() {
        ByteBuffer bytes = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putShort(Float.floatToFloat16(0.25f));
        for (int i = 0; i < 16; i++) bytes.put((byte) (i | (15 - i) << 4));
        return bytes.array();
    }
}
