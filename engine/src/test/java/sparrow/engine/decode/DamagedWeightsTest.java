package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.Machine;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.head.ExitHead;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.head.Sampling;
import sparrow.engine.transformer.DamagedWeightsException;
import sparrow.engine.transformer.Transformer;
import sparrow.tensor.Matrix;

/** A model whose weights hold what is no number says so instead of speaking. */
@Tag("stack")
class DamagedWeightsTest {
    @RegisterExtension
    private final Machine machine = new Machine(1);

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void damagedExitHeadIsNamedByItsLayer(float damage) {
        // The first channel of a state of this model is positive: a weight of infinity makes a score of infinity.
        LanguageModel sound = RandomModel.of(new SplittableRandom(6), machine);
        int rows = sound.transformer().config().vocabulary();
        float[] weights = new float[rows * sound.width()];
        weights[7 * sound.width()] = damage;
        ExitHead head = new ExitHead(
                1,
                machine.kernels().pack(Matrix.copyOf(weights, rows, sound.width(), machine.arena()), machine.arena()),
                null,
                null,
                1e-6f);
        LanguageModel model = new LanguageModel(
                sound.transformer(),
                ExitHeads.of(sound.transformer(), List.of(head)),
                sound.tokens(),
                sound.interleave());
        ExitPlan plan = new ExitPlan(new ExitPolicy.Fixed(1), new ExitPolicy.Fixed(1));
        Decoder decoder = new Decoder(model, new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(20)));

        assertThatThrownBy(() -> decoder.reply(Request.of(new Sequence(model), 1, 2, 3)))
                .isInstanceOf(DamagedWeightsException.class)
                .hasMessageStartingWith("logits after layer 1: expected numbers, got ")
                .hasMessageContaining(" for token 7;");
    }

    @Test
    void sequenceIsFreeAgainAfterARefusal() {
        LanguageModel sound = RandomModel.of(new SplittableRandom(4), machine);
        float[] states = new float[sound.width()];
        states[0] = Float.NaN;
        Decoder decoder = new Decoder(sound, new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(3)));
        Sequence sequence = new Sequence(sound);
        Request damaged = Request.of(sequence, new int[] {1, 2}, List.of(new PromptEmbeddings(1, states)), 0);

        assertThatThrownBy(() -> decoder.reply(damaged)).isInstanceOf(DamagedWeightsException.class);

        sequence.truncate(0);
        assertThat(decoder.reply(Request.of(sequence, 1, 2)).tokens())
                .isEqualTo(decoder.reply(Request.of(new Sequence(sound), 1, 2)).tokens());
    }

    @Test
    void tokenWhoseEmbeddingIsRefusedIsNotAppended() {
        RandomModel.Open open = RandomModel.open(new SplittableRandom(4), machine);
        Transformer sound = open.model().transformer();
        float[] embedding =
                new float[sound.config().vocabulary() * sound.config().width()];
        embedding[7 * sound.config().width()] = Float.NaN;
        Sequence sequence = new Sequence(machine.placed(new Transformer(
                sound.config(),
                machine.kernels(),
                Matrix.copyOf(
                        embedding, sound.config().vocabulary(), sound.config().width(), machine.arena()),
                open.layers(),
                sound.finalNorm(),
                sound.output())));
        sequence.append(3);

        assertThatThrownBy(() -> sequence.append(7)).hasMessageStartingWith("token embedding of id 7: ");

        assertThat(sequence.tokens()).containsExactly(3);
        sequence.append(5);
        assertThat(sequence.tokens()).containsExactly(3, 5);
        assertThat(sequence.length()).isEqualTo(2);
    }
}
