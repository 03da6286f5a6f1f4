package sparrow.engine.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Machine;
import sparrow.engine.kernel.Kernels;

/** Keys that move again and again: rounding adds up, and stays small. */
class KeyShiftTest {
    private static final int HEADS = 2;
    private static final int SHIFTS = 100;

    @RegisterExtension
    private final Machine machine = new Machine(1);

    /**
     * A layout of a published model, and how far a key may be from one that was made at its last position.
     *
     * @param headWidth channels of a head
     * @param tolerance of a channel, for keys of about 1
     */
    record Layout(String name, Rope rope, int headWidth, float tolerance) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Layout> layouts() {
        return List.of(
                new Layout(
                        "half of the channels, neighbours", new Rope(64, 10_000, Rope.Pairing.INTERLEAVED), 128, 1e-4f),
                new Layout("all channels, halves", new Rope(128, 1_000_000, Rope.Pairing.HALVES), 128, 1e-4f),
                new Layout("an odd number of pairs", new Rope(6, 10_000, Rope.Pairing.HALVES), 7, 1e-4f));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void keyThatMovedAHundredTimesIsTheOneMadeAtItsLastPosition(Layout layout) {
        SplittableRandom random = new SplittableRandom(20268);
        Kernels kernels = machine.kernels();
        int width = HEADS * layout.headWidth();
        KvCache cache = new KvCache(
                new TransformerConfig(1, width, HEADS, HEADS, layout.headWidth(), 8, 10, 100_000, 0, layout.rope()),
                kernels);
        float[] plain = new float[width];
        for (int i = 0; i < width; i++) plain[i] = (float) random.nextGaussian();
        int position = 2000;
        float[] value = new float[width];
        for (int i = 0; i <= position; i++) {
            value[0] = i;
            append(cache, i, rotated(kernels, layout, plain, i), value);
        }

        for (int shift = 0; shift < SHIFTS; shift++) {
            int first = random.nextInt(position);
            int end = Math.min(position, first + random.nextInt(1, 20));
            cache.keep(
                    first == 0
                            ? List.of(new Span(end, position + 1))
                            : List.of(new Span(0, first), new Span(end, position + 1)),
                    layout.rope());
            position -= end - first;
        }

        assertThat(position).isBetween(500, 1500);
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

    private static void append(KvCache cache, int position, float[] key, float[] value) {
        cache.append(1, position, key, 0, value, 0);
    }
}
