package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.engine.Machine;
import sparrow.tensor.kernel.KvFormat;

/** Sequences whose keys and values are kept in any format. */
class KvFormatsTest {
    private static final List<Integer> TOKENS = List.of(3, 4, 5, 6, 7, 8, 9, 3, 4);

    @RegisterExtension
    private final Machine machine = new Machine(1);

    private LanguageModel model(KvFormat format) {
        LanguageModel plain = RandomModel.of(new SplittableRandom(5), machine);
        return new LanguageModel(
                plain.transformer().withKvFormat(format), plain.heads(), plain.tokens(), plain.interleave());
    }

    private static void feed(Sequence sequence, List<Integer> tokens) {
        for (int token : tokens) {
            sequence.append(token);
            sequence.runPending();
        }
    }

    @ParameterizedTest
    @EnumSource
    void sequenceThatWasCutGoesOnToTheBit(KvFormat format) {
        LanguageModel model = model(format);
        Sequence straight = new Sequence(model);
        feed(straight, TOKENS);
        Sequence cut = new Sequence(model);
        feed(cut, TOKENS.subList(0, 4));
        feed(cut, List.of(9, 9, 9, 9, 9, 9));
        cut.truncate(4);
        Sequence fork = cut.fork();
        feed(cut, TOKENS.subList(4, TOKENS.size()));
        feed(fork, TOKENS.subList(4, TOKENS.size()));

        for (Sequence other : List.of(cut, fork)) {
            assertThat(other.newest().read()).isEqualTo(straight.newest().read());
            for (int layer = 1; layer <= model.layers(); layer++) {
                for (int p = 0; p < TOKENS.size(); p++) {
                    assertThat(other.cache().key(layer, p))
                            .isEqualTo(straight.cache().key(layer, p));
                    assertThat(other.cache().value(layer, p))
                            .isEqualTo(straight.cache().value(layer, p));
                }
            }
        }
    }

    /** Half a step of q8 in keys and values of order 1 moves states by far less than a missing or misplaced key does. */
    @ParameterizedTest
    @EnumSource
    void statesStayCloseToThoseOverF32(KvFormat format) {
        Sequence plain = new Sequence(model(KvFormat.F32));
        Sequence other = new Sequence(model(format));
        feed(plain, TOKENS);
        feed(other, TOKENS);

        double squares = 0;
        double differences = 0;
        float[] expected = plain.newest().read();
        float[] actual = other.newest().read();
        for (int c = 0; c < expected.length; c++) {
            squares += Math.pow(expected[c], 2);
            differences += Math.pow(expected[c] - actual[c], 2);
        }
        double most = switch (format) {
            case F32 -> 0;
            case F16 -> 0x1p-9;
            case Q8 -> 0.05;
        };
        assertThat(Math.sqrt(differences / squares)).isLessThanOrEqualTo(most);
        assertThat(other.cache().bytes()).isLessThanOrEqualTo(plain.cache().bytes());
        assertThat(format != KvFormat.F32 && differences == 0).isFalse();
    }
}
