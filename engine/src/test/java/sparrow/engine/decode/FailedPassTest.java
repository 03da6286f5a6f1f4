package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sparrow.engine.Machine;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.sample.Sampling;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.Position;

/** A pass that fails midway, for want of memory say, leaves sequences that go on as if it had not begun. */
class FailedPassTest {
    @RegisterExtension
    private final Machine machine = new Machine(1);

    private final LanguageModel model = RandomModel.of(new SplittableRandom(5), machine);

    private Decoder decoder(ExitPlan plan) {
        return new Decoder(model, new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(12)));
    }

    /** It gets through layer 1 and fails in layer 2, where the one before it is missing. */
    private Position failing() {
        KvCache cache = model.transformer().newCache();
        model.transformer().forward(List.of(position(cache, 0)), 1);
        return position(cache, 1);
    }

    private Position position(KvCache cache, int index) {
        return new Position(cache, index, model.transformer().state(new float[model.width()]));
    }

    private List<Position> withFailing(List<Position> positions) {
        List<Position> all = new ArrayList<>(positions);
        all.add(failing());
        return all;
    }

    @Test
    void sequenceGoesOnAsIfThePassHadNotBegun() {
        Sequence sequence = new Sequence(model);
        for (int token : new int[] {3, 4, 5}) sequence.append(token);
        int layers = model.layers();

        assertThatThrownBy(() -> model.transformer().forward(withFailing(sequence.below(layers)), layers))
                .isInstanceOf(IllegalStateException.class);
        sequence.carry();

        Sequence fresh = new Sequence(model);
        for (int token : new int[] {3, 4, 5}) fresh.append(token);
        fresh.carry();
        CloseKeys.check(sequence.cache(), fresh.cache(), layers, 3);
    }

    /** Positions that left early are pending; the pass that fails is the next turn's prefill, which carries them on. */
    @Test
    void positionsThatWerePendingBeforeArePendingStill() {
        ExitPlan plan = new ExitPlan(new ExitPolicy.Fixed(1), new ExitPolicy.Fixed(1));
        Sequence sequence = new Sequence(model);
        decoder(plan).reply(Request.of(sequence, 1, 2));
        Sequence undisturbed = sequence.fork();
        int layers = model.layers();
        assertThat(sequence.pending()).isPositive();

        assertThatThrownBy(() -> model.transformer().forward(withFailing(sequence.below(layers)), layers))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> model.transformer().propagate(withFailing(sequence.below(layers))))
                .isInstanceOf(IllegalStateException.class);

        assertThat(decoder(plan).reply(Request.of(sequence, 7, 8)).tokens())
                .isEqualTo(decoder(plan).reply(Request.of(undisturbed, 7, 8)).tokens());
    }
}
