package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sparrow.engine.Machine;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.head.Sampling;
import sparrow.engine.transformer.HeadKernel;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.KvMemory;
import sparrow.engine.transformer.LayerStack;
import sparrow.engine.transformer.PassPosition;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Transformer;
import sparrow.tensor.kernel.KvFormat;

/** A pass that fails midway, for want of memory say, leaves sequences that go on as if it had not begun. */
@Tag("stack")
class FailedPassTest {
    @RegisterExtension
    private final Machine machine = new Machine(1);

    private final LanguageModel model = RandomModel.of(new SplittableRandom(5), machine);

    private Decoder decoder(ExitPlan plan) {
        return new Decoder(model, new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(12)));
    }

    /** It can run layer 1 and not layer 2, where the one before it is missing. */
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

        assertThatThrownBy(() -> model.transformer().forward(withFailing(sequence.pendingBelow(layers)), layers))
                .isInstanceOf(IllegalStateException.class);
        sequence.runPending();

        Sequence fresh = new Sequence(model);
        for (int token : new int[] {3, 4, 5}) fresh.append(token);
        fresh.runPending();
        CloseKeys.check(sequence.cache(), fresh.cache(), layers, 3);
    }

    /** Positions that exited early are pending; the pass that fails is the next turn's prefill, which carries them on. */
    @Test
    void positionsThatWerePendingBeforeArePendingStill() {
        ExitPlan plan = new ExitPlan(new ExitPolicy.Fixed(1), new ExitPolicy.Fixed(1));
        Sequence sequence = new Sequence(model);
        decoder(plan).reply(Request.of(sequence, 1, 2));
        Sequence undisturbed = sequence.fork();
        int layers = model.layers();
        assertThat(sequence.pending()).isPositive();

        assertThatThrownBy(() -> model.transformer().forward(withFailing(sequence.pendingBelow(layers)), layers))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> model.transformer().propagate(withFailing(sequence.pendingBelow(layers))))
                .isInstanceOf(IllegalStateException.class);

        assertThat(decoder(plan).reply(Request.of(sequence, 7, 8)).tokens())
                .isEqualTo(decoder(plan).reply(Request.of(undisturbed, 7, 8)).tokens());
    }

    /** Layers that append keys and values of the first one that they are to run, and then fail. */
    private record Failing(LayerStack stack) implements LayerStack {
        @Override
        public void run(List<? extends PassPosition> rows, int first, int last) {
            keysAndValues(rows, first);
        }

        @Override
        public void keysAndValues(List<? extends PassPosition> rows, int layer) {
            stack.keysAndValues(rows, layer);
            throw new OutOfMemoryError("keys and values");
        }

        @Override
        public HiddenState state(float[] values) {
            return stack.state(values);
        }

        @Override
        public KvMemory newMemory() {
            return stack.newMemory();
        }

        @Override
        public HeadKernel newHeadKernel() {
            return stack.newHeadKernel();
        }

        @Override
        public LayerStack withKvFormat(KvFormat format) {
            return new Failing(stack.withKvFormat(format));
        }

        @Override
        public void close() {
            stack.close();
        }
    }

    @Test
    void whatWasAppendedBeforeTheFailureIsTakenBack() {
        ExitPlan plan = new ExitPlan(new ExitPolicy.Fixed(1), new ExitPolicy.Fixed(1));
        Sequence sequence = new Sequence(model);
        decoder(plan).reply(Request.of(sequence, 1, 2));
        Sequence undisturbed = sequence.fork();
        Transformer failing =
                model.transformer().on(new Failing(model.transformer().stack()));
        int layers = model.layers();
        assertThat(sequence.pending()).isPositive();

        assertThatThrownBy(() -> failing.forward(sequence.pendingBelow(layers), layers))
                .isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(() -> failing.propagate(sequence.pendingBelow(layers)))
                .isInstanceOf(OutOfMemoryError.class);
        sequence.runPending();
        undisturbed.runPending();

        for (int layer = 1; layer <= layers; layer++) {
            assertThat(sequence.cache().length(layer)).isEqualTo(sequence.length());
            for (int p = 0; p < sequence.length(); p++) {
                assertThat(sequence.cache().key(layer, p))
                        .isEqualTo(undisturbed.cache().key(layer, p));
            }
        }
    }
}
