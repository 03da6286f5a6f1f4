package sparrow.engine.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

class KvCacheTest {
    private final KvCache cache =
            new KvCache(3, memory(Kernels.create(new ComputePool(1)), 3, 2, 3, new Rope(0, 1, Rope.Pairing.HALVES)));

    /** Of layers that attend. */
    static HostKvMemory memory(Kernels kernels, int layers, int heads, int headWidth, Rope rope) {
        return new HostKvMemory(
                kernels,
                Stream.<LayerMemory>generate(
                                () -> new LayerMemory.KeysAndValues(kernels.keyValues(heads, headWidth), rope))
                        .limit(layers)
                        .toList());
    }

    @Test
    void keysAndValuesAreKeptInTheOrderOfPositionsHoweverMany() {
        for (int position = 0; position < 300; position++) append(2, position);

        assertThat(cache.length(2)).isEqualTo(300);
        for (int position = 0; position < 300; position++) {
            for (int channel = 0; channel < 6; channel++) {
                assertThat(cache.key(2, position)[channel]).isEqualTo(position + channel / 10f);
                assertThat(cache.value(2, position)[channel]).isEqualTo(-position - channel / 10f);
            }
        }
    }

    @Test
    void everyLayerHasALengthOfItsOwn() {
        append(1, 0);
        append(1, 1);
        append(2, 0);

        assertThat(cache.length(1)).isEqualTo(2);
        assertThat(cache.length(2)).isEqualTo(1);
        assertThat(cache.length(3)).isZero();
        assertThatThrownBy(() -> cache.key(2, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("position: expected 0 or greater and less than the 1 held, got 1");
    }

    @Test
    void memoryIsTakenWhereAPositionIsAndDoublesWhenItIsFull() {
        assertThat(cache.bytes()).isZero();
        append(1, 0);
        long once = cache.bytes();
        for (int position = 1; position < 64; position++) append(1, position);
        assertThat(cache.bytes()).isEqualTo(once);

        append(1, 64);

        assertThat(cache.bytes()).isEqualTo(2 * once);
    }

    @Test
    void copyGoesItsOwnWay() {
        for (int position = 0; position < 70; position++) append(1, position);
        append(2, 0);

        KvCache copy = cache.copy();
        append(1, 70);
        float[] other = {9, 9, 9, 9, 9, 9};
        append(copy, 1, 70, other, 0, other);

        assertThat(copy.length(1)).isEqualTo(71);
        assertThat(copy.length(2)).isEqualTo(1);
        assertThat(copy.length(3)).isZero();
        for (int position = 0; position < 70; position++) {
            assertThat(copy.key(1, position)).isEqualTo(cache.key(1, position));
            assertThat(copy.value(1, position)).isEqualTo(cache.value(1, position));
        }
        assertThat(copy.key(1, 70)).isEqualTo(other);
        assertThat(cache.key(1, 70)).startsWith(70, 70.1f);
    }

    @Test
    void positionAfterAHoleIsRefused() {
        assertThatThrownBy(() -> append(1, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("KV cache of layer 1: position 1 cannot follow the 0 positions that the layer holds");
        append(3, 0);

        assertThatThrownBy(() -> append(3, 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("KV cache of layer 3: position 2 cannot follow the 1 positions that the layer holds");
        assertThat(cache.length(3)).isEqualTo(1);
    }

    @Test
    void layersDoWithoutAPositionThatIsLeftOutOfThem() {
        for (int layer = 1; layer <= 3; layer++) append(layer, 0);
        append(1, 1);

        cache.omit(1, 2);
        KvCache copy = cache.copy();
        for (int layer = 1; layer <= 3; layer++) append(layer, 2);

        assertThat(cache.length(1)).isEqualTo(3);
        assertThat(cache.length(2)).isEqualTo(2);
        assertThat(cache.length(3)).isEqualTo(2);
        assertThat(cache.key(1, 2)).startsWith(2, 2.1f);
        assertThat(cache.key(2, 1)).startsWith(2, 2.1f);
        assertThat(cache.slot(2, 3)).isEqualTo(2);
        assertThat(copy.slot(2, 2)).isEqualTo(1);
        assertThat(copy.length(2)).isEqualTo(1);
    }

    @Test
    void cutForgetsLaterPositionsAndWhatWasOmittedThere() {
        for (int layer = 1; layer <= 3; layer++) append(layer, 0);
        append(1, 1);
        cache.omit(1, 2);
        for (int layer = 1; layer <= 3; layer++) append(layer, 2);

        cache.truncate(2);
        assertThat(cache.length(1)).isEqualTo(2);
        assertThat(cache.length(2)).isEqualTo(1);
        assertThat(cache.slot(2, 2)).isEqualTo(1);

        cache.truncate(1);
        assertThat(cache.length(1)).isEqualTo(1);
        assertThat(cache.slot(2, 1)).isEqualTo(1);
        append(2, 1);
        assertThat(cache.key(2, 1)).startsWith(1, 1.1f);
        assertThatThrownBy(() -> cache.truncate(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyTheNextPositionCanBeLeftOut() {
        append(1, 0);
        append(3, 0);

        assertThatThrownBy(() -> cache.omit(0, 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("KV cache of layer 3: position 0 cannot follow the 1 positions that the layer holds");
        assertThatThrownBy(() -> cache.omit(1, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("KV cache of layer 2: position 1 cannot follow the 0 positions that the layer holds");

        // Nothing was left out by halves.
        append(2, 0);
        assertThat(cache.length(2)).isEqualTo(1);
    }

    @Test
    void positionThatIsThereIsNotReplaced() {
        append(1, 0);
        float[] before = cache.key(1, 0);

        assertThatThrownBy(() -> cache.extend(1, 0)).isInstanceOf(IllegalStateException.class);

        assertThat(cache.key(1, 0)).isEqualTo(before);
    }

    /** Key [p, p.1, ...] and its negative as value, at an offset of 2. */
    private void append(int layer, int position) {
        float[] key = new float[8];
        float[] value = new float[8];
        for (int channel = 0; channel < 6; channel++) {
            key[2 + channel] = position + channel / 10f;
            value[2 + channel] = -position - channel / 10f;
        }
        append(cache, layer, position, key, 2, value);
    }

    /** What a layer does with a position. */
    static void append(KvCache cache, int layer, int position, float[] key, int offset, float[] value) {
        cache.extend(layer, position);
        LayerMemory memory = ((HostKvMemory) cache.memory()).layer(layer);
        ((LayerMemory.KeysAndValues) memory).panels().append(key, offset, value, offset);
    }
}
