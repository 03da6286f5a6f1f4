package sparrow.gpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.gpu.DeviceUnderTest;
import sparrow.gpu.device.Argument;
import sparrow.gpu.device.Buffer;
import sparrow.gpu.device.Device;
import sparrow.gpu.device.Grid;

/** Products of small matrices: which devices are given them, and which item holds what. */
class MatrixProductTest {
    /** Those that can be tested on a device: the instruction where it is, and what stands for it in tests. */
    static List<MatrixProduct> on(Device device) {
        return device.multipliesBf16() ? List.of(MatrixProduct.values()) : List.of(MatrixProduct.LOCAL);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void itIsChosenWhereTheDeviceHasTheInstruction(boolean there) {
        Device some = (Device) Proxy.newProxyInstance(
                Device.class.getClassLoader(),
                new Class<?>[] {Device.class},
                (_, method, _) -> switch (method.getName()) {
                    case "multipliesBf16" -> there;
                    default -> throw new AssertionError("expected not to be asked: " + method.getName());
                });

        assertThat(MatrixProduct.best(some))
                .isEqualTo(there ? Optional.of(MatrixProduct.INSTRUCTION) : Optional.empty());
    }

    /** Where NVIDIA documents the numbers of each item to be (PTX ISA, fragments of mma.m16n8k16 for .bf16). */
    @Test
    @Tag("device")
    void anItemHoldsWhatItsPlaceInTheWarpSays() {
        SplittableRandom random = new SplittableRandom(20264);
        short[] a = new short[8 * 16 * 16];
        short[] b = new short[8 * 16 * 8];
        for (int i = 0; i < a.length; i++) a[i] = (short) (Float.floatToIntBits(random.nextInt(-9, 10)) >>> 16);
        for (int i = 0; i < b.length; i++) b[i] = (short) (Float.floatToIntBits(random.nextInt(-9, 10)) >>> 16);
        short[] ofA = new short[256 * 8];
        short[] ofB = new short[256 * 4];
        float[] ofD = new float[256 * 4];
        for (int item = 0; item < 256; item++) {
            int warp = item / 32;
            int group = item % 32 >> 2;
            int inGroup = item % 4;
            for (int i = 0; i < 8; i++) {
                int row = i < 2 || i >= 4 && i < 6 ? group : group + 8;
                int column = inGroup * 2 + (i & 1) + (i < 4 ? 0 : 8);
                ofA[8 * item + i] = a[(16 * warp + row) * 16 + column];
            }
            for (int i = 0; i < 4; i++) {
                int row = inGroup * 2 + (i & 1) + (i < 2 ? 0 : 8);
                ofB[4 * item + i] = b[(16 * warp + row) * 8 + group];
                ofD[4 * item + i] = i;
            }
        }
        try (Device device = DeviceUnderTest.open()) {
            for (MatrixProduct product : on(device)) check(a, b, multiplyOnce(device, product, ofA, ofB, ofD));
        }
    }

    private static void check(short[] a, short[] b, float[] sums) {
        for (int item = 0; item < 256; item++) {
            for (int i = 0; i < 4; i++) {
                int row = item / 32 * 16 + (item % 32 >> 2) + (i < 2 ? 0 : 8);
                int column = item % 4 * 2 + (i & 1);
                float sum = i;
                for (int k = 0; k < 16; k++) {
                    sum += widened(a[row * 16 + k]) * widened(b[(item / 32 * 16 + k) * 8 + column]);
                }
                assertThat(sums[4 * item + i])
                        .as("number %d of item %d", i, item)
                        .isEqualTo(sum);
            }
        }
    }

    private static float widened(short bf16) {
        return Float.intBitsToFloat(bf16 << 16);
    }

    private static float[] multiplyOnce(Device device, MatrixProduct product, short[] a, short[] b, float[] d) {
        KernelText text = new KernelText(device.language(), Lanes.LOCAL, 1);
        product.addTo(text);
        text.with("one_product", "one_product.cl", new LinkedHashMap<>());
        float[] sums = new float[d.length];
        try (CompiledKernels kernels =
                        CompiledKernels.build(device, "a product", text.toString(), List.of("one_product"));
                Buffer ofA = upload(device, MemorySegment.ofArray(a));
                Buffer ofB = upload(device, MemorySegment.ofArray(b));
                Buffer ofD = upload(device, MemorySegment.ofArray(d))) {
            kernels.run("one_product", new Grid(1, 1, 256), Argument.of(ofA), Argument.of(ofB), Argument.of(ofD));
            device.queue().read(ofD, 0, MemorySegment.ofArray(sums));
        }
        return sums;
    }

    private static Buffer upload(Device device, MemorySegment values) {
        Buffer buffer = device.allocate(values.byteSize());
        device.queue().write(buffer, 0, values);
        return buffer;
    }
}
