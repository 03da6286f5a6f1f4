package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Machine;
import sparrow.engine.transformer.Transformer;
import sparrow.testing.Seeds;

/** Prefill omits work in the last layer that nothing reads. */
class PrefillTest {
    @RegisterExtension
    private final Machine machine = new Machine(2);

    static LongStream seeds() {
        return Seeds.drawn(78);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void prefillComputesTheSameBitsAsAForwardPassOfAllPositions(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.of(random, machine);
        Transformer transformer = model.transformer();
        Sequence whole = new Sequence(model);
        Sequence prefilled = new Sequence(model);
        for (int token : random.ints(random.nextInt(1, 300), 1, 60).toArray()) {
            whole.append(token);
            prefilled.append(token);
        }

        transformer.forward(whole.pendingBelow(model.layers()), model.layers());
        prefilled.runPending();

        assertThat(prefilled.pending()).isZero();
        assertThat(prefilled.newest().read()).containsExactly(whole.newest().read());
        for (int layer = 1; layer <= model.layers(); layer++) {
            assertThat(prefilled.cache().length(layer)).isEqualTo(whole.length());
            for (int position = 0; position < whole.length(); position++) {
                assertThat(prefilled.cache().key(layer, position))
                        .containsExactly(whole.cache().key(layer, position));
                assertThat(prefilled.cache().value(layer, position))
                        .containsExactly(whole.cache().value(layer, position));
            }
        }
    }
}
