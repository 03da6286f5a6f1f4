package sparrow.engine.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Machine;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.KvFormat;

/**
 * Keys that move again and again: rounding adds up, and stays small in f32. In fewer bits it does not: a turn by less than half a
 * step is lost, however often it comes. There a key may move a few times, as it does where half of a full context goes at a time.
 */
class KeyShiftTest {
    private static final int HEADS = 2;

    /** Between numbers from 2 to 4. */
    private static final float F16_STEP = 1 / 512f;

    /** Where the largest channel is 4. */
    private static final float Q8_STEP = 4 / 127f;

    @RegisterExtension
    private final Machine machine = new Machine(1);

    /**
     * A layout of a published model, and how far a key may be from one that was made at its last position.
     *
     * @param headWidth channels of a head
     * @param format in which keys are kept
     * @param shifts how often it moves
     * @param most places of a shift
     * @param tolerance of a channel, for keys of about 1
     */
    record Layout(String name, Rope rope, int headWidth, KvFormat format, int shifts, int most, float tolerance) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Layout> layouts() {
        Rope chatGlm = new Rope(64, 10_000, Rope.Pairing.INTERLEAVED);
        Rope qwen = new Rope(128, 1_000_000, Rope.Pairing.HALVES);
        return List.of(
                new Layout("half of the channels, neighbours", chatGlm, 128, KvFormat.F32, 100, 20, 1e-4f),
                new Layout("all channels, halves", qwen, 128, KvFormat.F32, 100, 20, 1e-4f),
                new Layout(
                        "an odd number of pairs",
                        new Rope(6, 10_000, Rope.Pairing.HALVES),
                        7,
                        KvFormat.F32,
                        100,
                        20,
                        1e-4f),
                new Layout("half of the channels, f16", chatGlm, 128, KvFormat.F16, 3, 600, 3 * F16_STEP),
                new Layout("all channels, f16", qwen, 128, KvFormat.F16, 3, 600, 3 * F16_STEP),
                new Layout("half of the channels, bytes", chatGlm, 128, KvFormat.Q8, 2, 600, 2 * Q8_STEP),
                new Layout("all channels, bytes", qwen, 128, KvFormat.Q8, 2, 600, 2 * Q8_STEP));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void keyThatMovedOftenIsTheOneMadeAtItsLastPosition(Layout layout) {
        SplittableRandom random = new SplittableRandom(20268);
        Kernels kernels = machine.kernels().withKvFormat(layout.format());
        int width = HEADS * layout.headWidth();
        KvCache cache = new KvCache(1, KvCacheTest.memory(kernels, 1, HEADS, layout.headWidth(), layout.rope()));
        float[] plain = new float[width];
        for (int i = 0; i < width; i++) plain[i] = (float) random.nextGaussian();
        int position = 2000;
        float[] value = new float[width];
        for (int i = 0; i <= position; i++) {
            value[0] = i;
            KvCacheTest.append(cache, 1, i, rotated(kernels, layout, plain, i), 0, value);
        }

        for (int shift = 0; shift < layout.shifts(); shift++) {
            int first = random.nextInt(position);
            int end = Math.min(position, first + random.nextInt(1, layout.most()));
            cache.retain(
                    first == 0
                            ? List.of(new Span(end, position + 1))
                            : List.of(new Span(0, first), new Span(end, position + 1)));
            position -= end - first;
        }

        assertThat(position).isBetween(100, 1900);
        assertThat(cache.length(1)).isEqualTo(position + 1);
        float[] made = rotated(kernels, layout, plain, position);
        float[] moved = cache.key(1, position);
        for (int i = 0; i < width; i++) assertThat(moved[i]).isCloseTo(made[i], within(layout.tolerance()));
        assertThat(cache.value(1, position)[0]).isEqualTo(2000);
    }

    private static float[] rotated(Kernels kernels, Layout layout, float[] plain, int position) {
        float[] key = plain.clone();
        float[] angles = layout.rope().angles(position);
        for (int head = 0; head < HEADS; head++) layout.rope().rotate(kernels, key, head * layout.headWidth(), angles);
        return key;
    }
}
