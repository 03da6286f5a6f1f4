package sparrow.models;

import static sparrow.models.GoldenRows.concatenated;

import java.util.List;
import java.util.function.IntFunction;
import sparrow.engine.decode.Sequence;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.head.Input;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.weights.Safetensors;

/**
 * Compares a backbone with the values that an official module computed.
 *
 * @param expected a file of these values
 */
public record GoldenBackbone(Transformer transformer, Safetensors expected) {
    /** Returns the rows of a matrix [rows, width of the backbone]. */
    public List<float[]> rows(String name) {
        return GoldenRows.rows(
                expected.tensor(name).toFloats(), transformer.config().width());
    }

    /** Returns a sequence of positions that have not run. */
    public Sequence sequence(List<float[]> inputs) {
        Sequence sequence = new Sequence(transformer);
        for (float[] input : inputs) sequence.append(new Input.Vector(0, input, 0));
        return sequence;
    }

    /** Runs a sequence through all layers in one call, and returns the states after the last layer. */
    public List<HiddenState> run(Sequence sequence) {
        List<Position> positions = sequence.pendingBelow(1);
        transformer.forward(positions, layers());
        return positions.stream().map(Position::state).toList();
    }

    /**
     * Runs a sequence layer by layer, and compares the states after each layer.
     *
     * @param prefix prefix of the names of the expected states, which end with the layer, counted from 0. The states
     *     after the last layer may be missing.
     * @return the states after the last layer
     */
    public List<HiddenState> assertLayers(String prefix, Sequence sequence, float tolerance) {
        List<HiddenState> states =
                sequence.pendingBelow(1).stream().map(Position::state).toList();
        for (int layer = 1; layer <= layers(); layer++) {
            transformer.forward(sequence.pendingBelow(layer), layer);
            String name = prefix + (layer - 1);
            if (layer < layers() || expected.has(name)) assertClose(name, read(states), tolerance);
        }
        return states;
    }

    /** Returns the values of states, [positions, width]. */
    public static float[] read(List<HiddenState> states) {
        return concatenated(states.stream().map(HiddenState::read).toList());
    }

    private int layers() {
        return transformer.config().layers();
    }

    /** Compares keys or values, which the file contains as [heads, positions, head width]. */
    public void assertByHead(String name, IntFunction<float[]> cache, int positions, float tolerance) {
        assertClose(name, GoldenRows.byHead(transformer.config(), cache, positions), tolerance);
    }

    /** Returns the states after the final norm. */
    public float[] hidden(List<HiddenState> states) {
        return concatenated(transformer
                .newHeadKernel()
                .inputs(ExitHeads.none(transformer).at(layers()).weights(), states));
    }

    public float[] logits(List<HiddenState> states) {
        return concatenated(
                ExitHeads.none(transformer).at(layers()).logits(transformer.newHeadKernel(), states).stream()
                        .map(Logits::values)
                        .toList());
    }

    public void assertClose(String name, float[] actual, float tolerance) {
        GoldenRows.assertClose(name, actual, expected.tensor(name).toFloats(), tolerance);
    }
}
