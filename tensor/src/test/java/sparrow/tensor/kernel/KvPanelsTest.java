package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys and values as each format keeps them; nothing else reaches attention. */
@Tag("lanes")
class KvPanelsTest {
    private static final ComputePool POOL = new ComputePool(1);
    private static final List<Kernels> BOTH = List.of(new ScalarKernels(POOL), new VectorKernels(POOL));
    private static final int HEADS = 2;

    private final SplittableRandom random = new SplittableRandom(7);

    static Stream<Arguments> lengths() {
        return Widths.lengths().stream()
                .flatMap(n -> Stream.of(KvFormat.values()).map(format -> Arguments.of(n, format)));
    }

    private float[] numbers(int n, double size) {
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) numbers[i] = (float) (size * random.nextGaussian());
        return numbers;
    }

    private void append(KvPanels panels, int positions, double size) {
        int width = HEADS * panels.headWidth();
        for (int p = 0; p < positions; p++) panels.append(numbers(width, size), 0, numbers(width, size), 0);
    }

    @ParameterizedTest
    @EnumSource
    void keepsEveryNumberUpToTheRoundingOfItsFormat(KvFormat format) {
        for (Kernels kernels : BOTH) {
            for (int width : new int[] {1, Lanes.PANEL - 1, Lanes.PANEL + 2}) {
                KvPanels panels = kernels.withKvFormat(format).keyValues(HEADS, width);
                float[][] keys = new float[150][];
                float[][] values = new float[150][];
                for (int p = 0; p < 150; p++) {
                    double size = Math.pow(10, random.nextInt(-3, 4));
                    keys[p] = numbers(HEADS * width, size);
                    values[p] = numbers(HEADS * width, size);
                    panels.append(keys[p], 0, values[p], 0);
                }
                for (int p = 0; p < 150; p++) {
                    close(format, width, panels.key(p), keys[p]);
                    close(format, width, panels.value(p), values[p]);
                }
            }
        }
    }

    /** f16: half a unit of the last of 11 bits, or of the smallest subnormal; q8: half a step, and two roundings of f32. */
    private static void close(KvFormat format, int width, float[] kept, float[] given) {
        for (int i = 0; i < given.length; i++) {
            double largest = 0;
            int head = i / width * width;
            for (int c = 0; c < width; c++) largest = Math.max(largest, Math.abs(given[head + c]));
            double tolerance = switch (format) {
                case F32 -> 0;
                case F16 -> Math.max(0x1p-25, 0x1p-11 * Math.abs(given[i]));
                case Q8 -> largest * (1 / 254.0 + 4 * Numbers.ROUNDING);
            };
            assertThat((double) kept[i]).isBetween(given[i] - tolerance, given[i] + tolerance);
        }
    }

    @Test
    void largestChannelIsKeptAndOneHeadDoesNotCoarsenAnother() {
        for (Kernels kernels : BOTH) {
            KvPanels panels = kernels.withKvFormat(KvFormat.Q8).keyValues(2, 3);
            panels.append(
                    new float[] {127, -1, 0.6f, 0, 0, 0}, 0, new float[] {-0.25f, 0, 0, 1e-44f, 5e20f, -5e20f}, 0);

            assertThat(panels.key(0)).containsExactly(127, -1, 1, 0, 0, 0);
            assertThat(panels.value(0)).startsWith(-0.25f, 0, 0, 0).endsWith(5e20f, -5e20f);
        }
    }

    /** Damaged weights are found by what comes out at the end. */
    @Test
    void numberThatIsNoneSpoilsItsHeadInBytesAndIsRefusedInHalves() {
        for (Kernels kernels : BOTH) {
            for (float none : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                KvPanels bytes = kernels.withKvFormat(KvFormat.Q8).keyValues(2, 2);
                bytes.append(new float[] {1, none, 3, 4}, 0, new float[] {none, 2, 3, 4}, 0);
                assertThat(bytes.key(0)).startsWith(Float.NaN, Float.NaN);
                assertThat(bytes.key(0)[3]).isEqualTo(4);
                assertThat(bytes.value(0)).startsWith(Float.NaN, Float.NaN);

                KvPanels halves = kernels.withKvFormat(KvFormat.F16).keyValues(2, 2);
                assertThatThrownBy(() -> halves.append(new float[] {1, 2, 3, none}, 0, new float[4], 0))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage(
                                "keys and values in f16: expected numbers with magnitude at most 65504, found " + none);
                assertThat(halves.length()).isZero();
            }
        }
    }

    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("lengths")
    void memoryBeyondTheEndChangesNoBitOfAttention(int before, KvFormat format) {
        for (Kernels kernels : BOTH) {
            KvPanels clean = kernels.withKvFormat(format).keyValues(HEADS, 12);
            append(clean, before + 2, 1);
            Block queries = Block.of(numbers(2 * 3 * 12, 1), 2, 3 * 12);
            KvPanels cut = clean.copy();
            append(cut, Lanes.PANEL + 3, format == KvFormat.F16 ? 1e4 : 1e30);
            cut.truncate(before + 2);
            KvPanels spoilt = clean.copy();
            append(spoilt, Lanes.PANEL + 3, 1);
            for (int p = before + 2; p < spoilt.length(); p++) spoil(spoilt, p);
            spoilt.truncate(before + 2);

            for (int head = 0; head < HEADS; head++) {
                float[] expected = attend(kernels, clean, head, queries, before);
                assertThat(attend(kernels, cut, head, queries, before)).isEqualTo(expected);
                assertThat(attend(kernels, spoilt, head, queries, before)).isEqualTo(expected);
            }
            append(cut, 1, 1);
            assertThat(cut.key(before + 2)).doesNotContain(Float.NaN);
        }
    }

    /** NaN in every channel; where no pattern of bits is one, in the scale. */
    private static void spoil(KvPanels panels, int position) {
        float[] none = new float[panels.headWidth()];
        Arrays.fill(none, Float.NaN);
        for (int head = 0; head < HEADS; head++) {
            if (panels.format() != KvFormat.F16) {
                panels.writeKey(head, position, none, 0);
                panels.writeValue(head, position, none, 0);
                continue;
            }
            for (int c = 0; c < none.length; c++) {
                setNaN(panels.keys(), panels.keyAt(head, position, c));
                setNaN(panels.values(), panels.valueAt(head, position, c));
            }
        }
    }

    private static void setNaN(MemorySegment halves, long at) {
        halves.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) 0x7e00);
    }

    private static float[] attend(Kernels kernels, KvPanels panels, int head, Block queries, int before) {
        Block mixed = Block.of(new float[queries.data().length], queries.rows(), queries.columns());
        kernels.attend(queries, panels, head, before, 0.3f, mixed);
        return mixed.data();
    }

    @ParameterizedTest
    @EnumSource
    void copyAndGrowthKeepEveryBitAndTakeWhatTheFormatTakes(KvFormat format) {
        for (Kernels kernels : BOTH) {
            int width = 2 * Lanes.PANEL;
            KvPanels panels = kernels.withKvFormat(format).keyValues(HEADS, width);
            append(panels, 60, 1);
            float[][] keys = new float[60][];
            float[][] values = new float[60][];
            for (int p = 0; p < 60; p++) {
                keys[p] = panels.key(p);
                values[p] = panels.value(p);
            }
            KvPanels copy = panels.copy();
            append(panels, 300, 1);
            append(copy, 1, 9);

            for (int p = 0; p < 60; p++) {
                assertThat(panels.key(p)).isEqualTo(keys[p]);
                assertThat(panels.value(p)).isEqualTo(values[p]);
                assertThat(copy.key(p)).isEqualTo(keys[p]);
                assertThat(copy.value(p)).isEqualTo(values[p]);
            }
            assertThat(copy.bytes()).isEqualTo(2 * 64 * HEADS * format.bytes(width));
            assertThat(panels.bytes()).isEqualTo(2 * 512 * HEADS * format.bytes(width));
        }
    }

    @ParameterizedTest
    @EnumSource
    void kernelsSayHowTheyKeep(KvFormat format) {
        for (Kernels kernels : BOTH) {
            Kernels keeping = kernels.withKvFormat(format);
            assertThat(keeping.kvFormat()).isEqualTo(format);
            assertThat(keeping.keyValues(1, 4).format()).isEqualTo(format);
            assertThat(keeping.arithmetic())
                    .isEqualTo(kernels.arithmetic() + (format == KvFormat.F32 ? "" : "+kv-" + format));
            assertThat(KvFormat.parse(format.toString())).isEqualTo(format);
        }
        assertThatThrownBy(() -> KvFormat.parse("int8"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("keys and values: expected one of f32, f16, q8, got int8");
    }
}
