package sparrow.gpu.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import sparrow.engine.decode.Sequence;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Span;
import sparrow.engine.transformer.Transformer;

/** Sequences on this machine and the same ones on a device: whatever happens to one of them happens to its twin. */
final class SameSequences {
    /**
     * Both sum the same products in other orders: a relative 2^-24 for each addition over 3 layers of a width up to 50, at states
     * below about 30. A key that is missing or turned to another place changes values by 0.01 and more.
     */
    private static final float TOLERANCE = 2e-4f;

    private final StackUnderTest both;
    private final Transformer host;
    private final Transformer device;
    private final List<Twin> twins = new ArrayList<>();

    record Twin(Sequence host, Sequence device) {
        int length() {
            return host.length();
        }
    }

    SameSequences(StackUnderTest both) {
        this.both = both;
        this.host = both.host();
        this.device = both.onDevice();
        twins.add(new Twin(new Sequence(host), new Sequence(device)));
    }

    int count() {
        return twins.size();
    }

    int length(int index) {
        return twins.get(index).length();
    }

    int room(int index) {
        return twins.get(index).host.room();
    }

    void add() {
        twins.add(new Twin(new Sequence(host), new Sequence(device)));
    }

    void fork(int index) {
        Twin twin = twins.get(index);
        twins.add(new Twin(twin.host.fork(), twin.device.fork()));
    }

    void truncate(int index, int position) {
        twins.get(index).host.truncate(position);
        twins.get(index).device.truncate(position);
    }

    /** Carries what waits, and forgets all but some. */
    void keep(int index, List<Span> kept) {
        Twin twin = twins.get(index);
        for (Sequence sequence : List.of(twin.host, twin.device)) {
            sequence.runPending();
            sequence.retain(kept);
        }
    }

    /** Appends tokens to a sequence, which wait. */
    void append(int index, int[] tokens) {
        for (int token : tokens) {
            twins.get(index).host.append(token);
            twins.get(index).device.append(token);
        }
    }

    /** Appends a token to each of some sequences, and carries them together to a layer with all that waits below. */
    void step(SplittableRandom random, List<Integer> some, int layer) {
        List<Position> here = new ArrayList<>();
        List<Position> there = new ArrayList<>();
        for (int index : some) {
            append(index, new int[] {random.nextInt(1, StackUnderTest.VOCABULARY)});
            here.addAll(twins.get(index).host.pendingBelow(layer));
            there.addAll(twins.get(index).device.pendingBelow(layer));
        }
        host.forward(here, layer);
        device.forward(there, layer);
        List<HiddenState> states = there.stream().map(Position::state).toList();
        List<Logits> expected = host.newHeadKernel()
                .logits(both.head(), here.stream().map(Position::state).toList());
        List<Logits> actual = device.newHeadKernel().logits(both.head(), states);
        for (int i = 0; i < actual.size(); i++) checkChoice(actual.get(i), expected.get(i));
    }

    /** The same token, unless two are as likely. */
    private static void checkChoice(Logits actual, Logits expected) {
        int token = actual.best(StackUnderTest.VOCABULARY);
        int same = expected.best(StackUnderTest.VOCABULARY);
        float[] scores = expected.values();
        float most = Math.max(1, Math.abs(scores[same]));
        assertThat(scores[same] - scores[token]).isLessThanOrEqualTo(2 * TOLERANCE * most);
        assertClose(actual.values(), scores);
        assertThat(actual.largest()).isEqualTo(actual.values()[token]);
        assertThat(actual.entropy()).isBetween(expected.entropy() - 1e-3, expected.entropy() + 1e-3);
    }

    /** Holds all keys, values and states of all of them against their twins'. */
    void check() {
        for (Twin twin : twins) {
            for (int layer = 1; layer <= StackUnderTest.LAYERS; layer++) {
                assertThat(twin.device.cache().length(layer))
                        .isEqualTo(twin.host.cache().length(layer));
                for (int slot = 0; slot < twin.host.cache().length(layer); slot++) {
                    assertClose(
                            twin.device.cache().key(layer, slot),
                            twin.host.cache().key(layer, slot));
                    assertClose(
                            twin.device.cache().value(layer, slot),
                            twin.host.cache().value(layer, slot));
                }
            }
            List<Position> waiting = twin.host.pendingBelow(StackUnderTest.LAYERS);
            for (int i = 0; i < waiting.size(); i++) {
                Position same = twin.device.pendingBelow(StackUnderTest.LAYERS).get(i);
                assertClose(same.state().read(), waiting.get(i).state().read());
            }
        }
    }

    static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            float allowed = TOLERANCE * Math.max(1, Math.abs(expected[i]));
            if (!(Math.abs(actual[i] - expected[i]) <= allowed)) {
                assertThat(actual[i]).as("value %d", i).isEqualTo(expected[i]);
            }
        }
    }
}
