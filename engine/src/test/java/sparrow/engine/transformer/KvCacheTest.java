package sparrow.engine.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KvCacheTest {
    private final KvCache cache =
            new KvCache(new TransformerConfig(3, 8, 4, 2, 3, 8, 10, 1000, 0, new Rope(2, 10_000, Rope.Pairing.HALVES)));

    @Test
    void keysAndValuesAreKeptInTheOrderOfPositionsHoweverMany() {
        for (int position = 0; position < 300; position++) append(2, position);

        assertThat(cache.length(2)).isEqualTo(300);
        for (int position = 0; position < 300; position++) {
            for (int channel = 0; channel < 6; channel++) {
                assertThat(cache.keys(2)[position * 6 + channel]).isEqualTo(position + channel / 10f);
                assertThat(cache.values(2)[position * 6 + channel]).isEqualTo(-position - channel / 10f);
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
        assertThat(cache.keys(3)).isEmpty();
    }

    @Test
    void positionAfterAHoleIsRefused() {
        assertThatThrownBy(() -> append(1, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("KV cache of layer 1: position 1 cannot follow the 0 positions that are there");
        append(3, 0);

        assertThatThrownBy(() -> append(3, 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("KV cache of layer 3: position 2 cannot follow the 1 positions that are there");
        assertThat(cache.length(3)).isEqualTo(1);
    }

    @Test
    void positionThatIsThereIsNotReplaced() {
        append(1, 0);
        float[] before = Arrays.copyOf(cache.keys(1), 6);

        assertThatThrownBy(() -> cache.append(1, 0, new float[6], 0, new float[6], 0))
                .isInstanceOf(IllegalStateException.class);

        assertThat(Arrays.copyOf(cache.keys(1), 6)).isEqualTo(before);
    }

    /** Key [p, p.1, ...] and its negative as value, at an offset of 2. */
    private void append(int layer, int position) {
        float[] key = new float[8];
        float[] value = new float[8];
        for (int channel = 0; channel < 6; channel++) {
            key[2 + channel] = position + channel / 10f;
            value[2 + channel] = -position - channel / 10f;
        }
        cache.append(layer, position, key, 2, value, 2);
    }
}
