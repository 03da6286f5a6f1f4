package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import sparrow.engine.transformer.KvCache;

/** Holds the keys and values of one cache against those of another. */
final class CloseKeys {
    /**
     * Decoding and prefill sum the same products in another order: a relative 2^-24 per addition over up to 6 layers
     * of width 40, at hidden states below about 30. A missing or misplaced key changes values by 0.01 and more.
     */
    static final float TOLERANCE = 2e-4f;

    private CloseKeys() {}

    /** Every layer holds so many positions, with keys and values as expected. */
    static void check(KvCache actual, KvCache expected, int layers, int positions) {
        for (int layer = 1; layer <= layers; layer++) {
            assertThat(actual.length(layer)).as("layer %d", layer).isEqualTo(positions);
            for (int p = 0; p < positions; p++) {
                check(actual.key(layer, p), expected.key(layer, p));
                check(actual.value(layer, p), expected.value(layer, p));
            }
        }
    }

    private static void check(float[] actual, float[] expected) {
        for (int i = 0; i < expected.length; i++) {
            float allowed = TOLERANCE * Math.max(1, Math.abs(expected[i]));
            if (!(Math.abs(actual[i] - expected[i]) <= allowed)) {
                assertThat(actual[i]).as("value %d", i).isEqualTo(expected[i]);
            }
        }
    }
}
